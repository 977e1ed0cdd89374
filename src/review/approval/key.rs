//! Public keys, and whether a signature over some bytes is theirs.
//!
//! A signature counts only in the one form in which ssh-keygen and minisign write it, so that not a byte of it can be changed unseen: also
//! what they leave open, the comment that minisign does not trust, and how long the lines are.

use std::io::Cursor;

use minisign::{PublicKey, SignatureBox};
use ssh_key::SshSig;

/// What signatures by SSH keys are for: `ssh-keygen -Y sign -n gradus`. One made for another purpose, a commit, is no approval.
pub const NAMESPACE: &str = "gradus";

/// The comment that minisign writes above a signature unless it is told otherwise.
pub const COMMENT: &str = "signature from minisign secret key";

/// How long the second signature of minisign is, over the first and its comment: 64 bytes in base 64.
const GLOBAL: usize = 88;

/// A public key.
#[derive(Clone, Debug)]
pub enum Key {
    /// `ssh-ed25519 AAAA…`, also one on a hardware key.
    Ssh(Box<ssh_key::PublicKey>),
    /// `RWQ…`
    Minisign(Box<PublicKey>),
}

/// Why a text is no key that can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoKey {
    /// It is a key, of a kind that is not taken: RSA, ECDSA.
    Kind,
    /// It is a secret.
    Secret,
    /// It is none at all.
    Form,
}

impl Key {
    /// The key of a text, as `ssh-keygen` and `minisign` write it in the file of the public key; of minisign's the line alone is enough.
    ///
    /// # Errors
    /// It is no public key, or of a kind that is not taken.
    pub fn parse(text: &str) -> Result<Key, NoKey> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") || text.contains("secret key") {
            return Err(NoKey::Secret);
        }
        if let Ok(key) = ssh_key::PublicKey::from_openssh(text) {
            return match key.key_data() {
                ssh_key::public::KeyData::Ed25519(_) | ssh_key::public::KeyData::SkEd25519(_) => {
                    Ok(Key::Ssh(Box::new(key)))
                }
                _ => Err(NoKey::Kind),
            };
        }
        if text.starts_with("ssh-") || text.starts_with("ecdsa-") || text.starts_with("sk-ecdsa") {
            return Err(NoKey::Kind);
        }
        let line = text.lines().last().unwrap_or_default().trim();
        PublicKey::from_base64(line).map(|key| Key::Minisign(Box::new(key))).map_err(|_| NoKey::Form)
    }

    /// What people call it: the fingerprint of SSH, the number of minisign.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Key::Ssh(key) => key.fingerprint(ssh_key::HashAlg::Sha256).to_string(),
            Key::Minisign(key) => {
                let digits = key.keynum().iter().rev().map(|byte| format!("{byte:02X}"));
                format!("minisign {}", digits.collect::<String>())
            }
        }
    }

    /// The same key, whatever stands beside it as a comment.
    #[must_use]
    pub fn is(&self, other: &Key) -> bool {
        match (self, other) {
            (Key::Ssh(one), Key::Ssh(other)) => one.key_data() == other.key_data(),
            (Key::Minisign(one), Key::Minisign(other)) => one.to_bytes() == other.to_bytes(),
            (Key::Ssh(_), Key::Minisign(_)) | (Key::Minisign(_), Key::Ssh(_)) => false,
        }
    }

    /// Whether a signature over a text is this key's.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &Signature) -> bool {
        match (self, signature) {
            (Key::Ssh(key), Signature::Ssh(signature)) => {
                signature.public_key() == key.key_data() && key.verify(NAMESPACE, text, signature).is_ok()
            }
            (Key::Minisign(key), Signature::Minisign(signature)) => {
                minisign::verify(key, signature, Cursor::new(text), true, false, false).is_ok()
            }
            (Key::Ssh(_), Signature::Minisign(_)) | (Key::Minisign(_), Signature::Ssh(_)) => false,
        }
    }
}

/// A signature apart from what it signs.
#[derive(Clone)]
pub enum Signature {
    /// As `ssh-keygen -Y sign` writes it.
    Ssh(Box<SshSig>),
    /// As `minisign -S` writes it.
    Minisign(Box<SignatureBox>),
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Signature::Ssh(signature) => out.debug_tuple("Ssh").field(signature).finish(),
            Signature::Minisign(signature) => {
                out.debug_tuple("Minisign").field(&signature.to_string()).finish()
            }
        }
    }
}

/// How a signature is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Armour {
    /// `.sig`
    Ssh,
    /// `.minisig`
    Minisign,
}

impl Armour {
    /// Both.
    pub const ALL: [Armour; 2] = [Armour::Ssh, Armour::Minisign];

    /// What is put behind the name of the file that is signed.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Armour::Ssh => "sig",
            Armour::Minisign => "minisig",
        }
    }
}

impl Signature {
    /// The signature of a file; none where it is not one, or not written as the tools write it.
    #[must_use]
    pub fn read(armour: Armour, bytes: &[u8]) -> Option<Signature> {
        let text = std::str::from_utf8(bytes).ok()?;
        match armour {
            Armour::Ssh => {
                let signature = SshSig::from_pem(text).ok()?;
                // What the signature does not cover has one form, too: version 0 would be taken for version 1.
                let plain = signature.version() == SshSig::VERSION && signature.reserved().is_empty();
                (plain && armoured(&signature)? == text).then(|| Signature::Ssh(Box::new(signature)))
            }
            Armour::Minisign => {
                // The second signature is 64 bytes: the library would not survive fewer, and would not look at more.
                let second = text.lines().nth(3)?;
                if second.len() != GLOBAL || !second.ends_with("==") {
                    return None;
                }
                let signature = SignatureBox::from_string(text).ok()?;
                let usual = signature.untrusted_comment().ok()? == COMMENT;
                (usual && signature.to_string() == text).then(|| Signature::Minisign(Box::new(signature)))
            }
        }
    }
}

/// How ssh-keygen writes a signature.
fn armoured(signature: &SshSig) -> Option<String> {
    signature.to_pem(ssh_key::LineEnding::LF).ok()
}
