//! A name is changed wherever it stands.

use std::collections::BTreeSet;

use crate::base::Span;
use crate::check::hir::Mention;
use crate::syntax::keywords::RESERVED;

use super::names::same;

/// Why a name cannot be changed to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It is no name: empty, or with a back-tick or a line end in it.
    NoName,
}

/// The places at which a name stands, and how the new one is spelled there.
///
/// # Errors
/// The new name is none.
pub fn rename<'m>(
    mentions: impl Iterator<Item = &'m Mention>,
    of: Span,
    name: &str,
) -> Result<(BTreeSet<Span>, String), Refusal> {
    Ok((same(mentions, of), spelled(name)?))
}

/// A name as it is written: in back-ticks where it holds a blank or is a word of the language.
///
/// # Errors
/// It is no name.
pub fn spelled(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or(name).trim();
    if bare.is_empty() || bare.contains(['`', '\n', '\r']) {
        return Err(Refusal::NoName);
    }
    let mut chars = bare.chars();
    let begins = chars.next().is_some_and(|ch| ch == '_' || unicode_ident::is_xid_start(ch));
    let plain = begins && chars.all(unicode_ident::is_xid_continue) && !RESERVED.contains(&bare);
    Ok(if plain { bare.to_owned() } else { format!("`{bare}`") })
}
