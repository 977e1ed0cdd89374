//! Names of files as an editor writes them: `file:///rules/%E8%AF%84%E7%BA%A7.gradus`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The path of a name. What is no file — a text that was never saved — gets one that stands nowhere.
#[must_use]
pub fn path_of(uri: &str) -> PathBuf {
    let Some(rest) = uri.strip_prefix("file://") else {
        let plain: String = uri.chars().map(|ch| if matches!(ch, ':' | '/') { '_' } else { ch }).collect();
        return PathBuf::from(format!("/unsaved/{plain}"));
    };
    // What stands between `//` and the path is a machine; ours has none.
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest);
    let path = decoded(path);
    let drive = path.strip_prefix('/').filter(|rest| {
        let mut chars = rest.chars();
        chars.next().is_some_and(|ch| ch.is_ascii_alphabetic()) && chars.next() == Some(':')
    });
    PathBuf::from(drive.unwrap_or(&path))
}

/// The name of a path.
#[must_use]
pub fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~@+".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut ahead = rest.clone();
            let pair = [ahead.next().unwrap_or(0), ahead.next().unwrap_or(0)];
            let code = std::str::from_utf8(&pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
            if let Some(code) = code {
                bytes.push(code);
                rest = ahead;
                continue;
            }
        }
        bytes.push(byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_come_back() {
        for path in ["/rules/评级 A%.gradus", "/a/b-c_d.~md", "/rules/𠮷.gradus", "C:/rules/x.gradus"] {
            assert_eq!(path_of(&uri_of(Path::new(path))), Path::new(path));
        }
        assert_eq!(path_of("file:///c%3A/rules/%E8%AF%84.gradus"), Path::new("c:/rules/评.gradus"));
        assert_eq!(path_of("untitled:Untitled-1"), Path::new("/unsaved/untitled_Untitled-1"));
    }
}
