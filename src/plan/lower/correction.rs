//! Corrections: a factor by rows; `cancel` is 0, `no recommendation` withholds.

use super::super::{CorrectionItem, ItemKind, Reason};
use super::Lower;
use crate::check::hir;

impl Lower<'_> {
    /// `correction`
    pub(super) fn lower_correction(
        &mut self,
        id: hir::ValueId,
        definition: &hir::Definition,
        it: &hir::Correction,
    ) {
        let keys = self.keys(&it.keys);
        let address = self.address(definition);
        let columns = [definition.ty.clone()];
        let rows = self.rows(&keys, &it.rows, &columns, &address, true);
        let (chosen, results) = self.choose_rows(&rows, &columns, definition.span);
        let value = results.first().copied().unwrap_or(chosen);
        let value = self.name(id, hir::Part::Main, value);
        let key_names = self.key_names(&it.keys);
        let kind = ItemKind::Correction(CorrectionItem { keys, key_names, rows, chosen });
        self.item(id, definition, value, None, Reason::default(), kind);
    }
}
