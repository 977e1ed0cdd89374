//! Making a signature over a statement.
//!
//! minisign keys sign here. For SSH keys `ssh-keygen` is asked: so Gradus never sees the secret, and keys in an agent or on a token, and
//! passphrases, are as people have set them up.

use std::io::Cursor;
use std::path::Path;

use minisign::{SecretKey, SecretKeyBox};

use super::key::{Armour, COMMENT, NAMESPACE};
use crate::diag::Diagnostic;
use crate::store::{World, shown};

/// A password that is shown to nobody, not even in a report of what went wrong.
#[derive(Clone, Default)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("(hidden)")
    }
}

/// Signs a text with the key of a file; `ask` gives the password of a minisign key that has one.
///
/// # Errors
/// The file cannot be read, or holds no key; the password is wrong, or nobody is there to give it; ssh-keygen does not sign.
pub fn sign(
    world: &dyn World,
    key: &Path,
    text: &[u8],
    ask: impl FnOnce() -> Option<Password>,
) -> Result<(Armour, Vec<u8>), Box<Diagnostic>> {
    let refused =
        |variant: &'static str| Diagnostic::nowhere("E575").variant(variant).arg("path", shown(key));
    let bytes = crate::store::read(world, key)?;
    let Ok(content) = std::str::from_utf8(&bytes) else { return Err(Box::new(refused("form").help("form"))) };
    if content.contains("OPENSSH PRIVATE KEY")
        || content.starts_with("ssh-")
        || content.starts_with("sk-ssh-")
    {
        let signed = world.ssh_sign(key, NAMESPACE, text);
        return signed.map(|signature| (Armour::Ssh, signature)).map_err(|error| {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let told = if missing { refused("no_ssh").help("no_ssh") } else { refused("ssh").help("ssh") };
            Box::new(told.arg("reason", error))
        });
    }
    if !content.starts_with("untrusted comment:") || content.contains("public key") {
        return Err(Box::new(refused("form").help("form")));
    }
    let open = |content: &str| SecretKeyBox::from_string(content);
    let plain = open(content).and_then(SecretKeyBox::into_unencrypted_secret_key).ok();
    let secret: SecretKey = match plain.or_else(|| unchecked(content)) {
        Some(secret) => secret,
        None => {
            let Some(Password(password)) = ask() else {
                return Err(Box::new(refused("no_password").help("password")));
            };
            let opened = open(content).and_then(|key| key.into_secret_key(Some(password)));
            opened.map_err(|_| Box::new(refused("password").help("password")))?
        }
    };
    let signed = minisign::sign(None, &secret, Cursor::new(text), Some("gradus approval"), Some(COMMENT));
    let signature = signed.map_err(|_| Box::new(refused("form").help("form")))?;
    Ok((Armour::Minisign, signature.to_string().into_bytes()))
}

/// So long is a secret key of minisign: what it signs by, how it is encrypted, how it is checked, 48 bytes of how the password is
/// stretched, 72 of the key, 32 of the check.
const LENGTH: usize = 158;

/// A key that `minisign -G -W` made: it has neither a password nor a check, and the library takes only those that have the check.
fn unchecked(content: &str) -> Option<SecretKey> {
    let bytes = decoded(content.lines().nth(1)?.trim())?;
    let is_zero =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|it| it.iter().all(|byte| *byte == 0));
    let check = LENGTH.saturating_sub(32)..LENGTH;
    (bytes.len() == LENGTH && is_zero(2..4) && is_zero(check)).then(|| SecretKey::from_bytes(&bytes).ok())?
}

/// The bytes of a text in base 64.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for digit in text.trim_end_matches('=').bytes() {
        let value = u32::try_from(DIGITS.iter().position(|it| *it == digit)?).ok()?;
        (held, bits) = ((held << 6 | value) & 0xffff, bits.saturating_add(6));
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            bytes.push(u8::try_from(held.checked_shr(bits)? & 0xff).ok()?);
        }
    }
    Some(bytes)
}
