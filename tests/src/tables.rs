//! Reads the tables of `tests/vectors`.

use std::path::Path;

/// A table: comment lines are skipped, the first other line names the columns.
#[derive(Debug)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    cells: &'a [String],
}

impl Table {
    /// The table `name`.csv.
    ///
    /// # Panics
    /// When the file is missing or a row has another number of cells than there are columns: the tests cannot go on.
    #[must_use]
    #[expect(clippy::panic, reason = "a broken table must stop the tests by its name")]
    pub fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(format!("{name}.csv"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let columns = lines.next().map(split).unwrap_or_default();
        let rows: Vec<_> = lines.map(split).collect();
        assert!(rows.iter().all(|row| row.len() == columns.len()), "{name}: a row of another length");
        assert!(!rows.is_empty(), "{name}: no rows");
        Self { columns, rows }
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }
}

impl<'a> Row<'a> {
    /// The text of a column; `None` when there is no such column.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let at = self.table.columns.iter().position(|c| c == column)?;
        self.cells.get(at).map(String::as_str)
    }

    /// The number of a column.
    ///
    /// # Panics
    /// When there is no such column or it holds no number.
    #[must_use]
    #[expect(clippy::panic, reason = "a broken table must stop the tests by its column")]
    pub fn number(&self, column: &str) -> f64 {
        self.text(column).and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("no number in {column}: {self:?}"))
    }
}
