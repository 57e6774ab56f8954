//! Fields that are columns of their own in the events table: which, in which order, how wide.

use serde::{Deserialize, Serialize};

use super::Pair;

/// Characters that a new column is wide, and the least and the most.
const USUAL: u16 = 12;
const LEAST: u16 = 3;
const MOST: u16 = 60;

/// A field that has a column on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldColumn {
    /// Its dotted path.
    pub path: String,
    /// Its width in characters.
    #[serde(default = "usual")]
    pub chars: u16,
}

const fn usual() -> u16 {
    USUAL
}

/// A change of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnCommand {
    /// Shows or hides the list of columns.
    Choose,
    /// Gives a field a column, or takes it away.
    Toggle(String),
    /// Moves the column at this place, to the right when positive.
    Move(usize, i32),
    /// Makes the column at this place wider by so many characters, or narrower when negative.
    Widen(usize, i32),
    /// Takes all columns away.
    Clear,
}

/// The columns.
#[derive(Debug, Clone, Default)]
pub struct FieldColumns {
    list: Vec<FieldColumn>,
    open: bool,
}

impl FieldColumns {
    /// From left to right.
    pub fn list(&self) -> &[FieldColumn] {
        &self.list
    }

    /// True when the list of columns is open.
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// The same, closed; says whether it was open.
    pub(super) const fn close(&mut self) -> bool {
        std::mem::replace(&mut self.open, false)
    }

    pub(super) fn set(&mut self, list: Vec<FieldColumn>) {
        self.list = list;
        for column in &mut self.list {
            column.chars = column.chars.clamp(LEAST, MOST);
        }
    }

    fn apply(&mut self, command: ColumnCommand) {
        match command {
            ColumnCommand::Choose => self.open = !self.open,
            ColumnCommand::Toggle(path) => match self.list.iter().position(|column| column.path == path) {
                Some(place) => drop(self.list.remove(place)),
                None => self.list.push(FieldColumn { path, chars: USUAL }),
            },
            ColumnCommand::Move(place, by) => {
                let to = place as i64 + i64::from(by);
                if place < self.list.len() && (0..self.list.len() as i64).contains(&to) {
                    self.list.swap(place, to as usize);
                }
            }
            ColumnCommand::Widen(place, by) => {
                if let Some(column) = self.list.get_mut(place) {
                    let chars = i32::from(column.chars) + by;
                    column.chars = chars.clamp(i32::from(LEAST), i32::from(MOST)) as u16;
                }
            }
            ColumnCommand::Clear => self.list.clear(),
        }
    }
}

impl Pair {
    /// The fields that are columns.
    pub const fn columns(&self) -> &FieldColumns {
        &self.columns
    }

    pub(super) fn change_columns(&mut self, command: ColumnCommand) {
        self.columns.apply(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_go_move_and_have_bounds() {
        let mut columns = FieldColumns::default();
        for path in ["a", "b", "c"] {
            columns.apply(ColumnCommand::Toggle(path.to_owned()));
        }
        columns.apply(ColumnCommand::Move(2, -1));
        columns.apply(ColumnCommand::Move(0, -1));
        columns.apply(ColumnCommand::Move(7, 1));
        let paths = |columns: &FieldColumns| columns.list().iter().map(|c| c.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&columns), ["a", "c", "b"]);
        columns.apply(ColumnCommand::Widen(0, -1000));
        columns.apply(ColumnCommand::Widen(1, 1000));
        columns.apply(ColumnCommand::Widen(9, 1));
        assert_eq!(columns.list().iter().map(|c| c.chars).collect::<Vec<_>>(), [LEAST, MOST, USUAL]);
        columns.apply(ColumnCommand::Toggle("c".to_owned()));
        assert_eq!(paths(&columns), ["a", "b"]);
        columns.set(vec![FieldColumn { path: "x".to_owned(), chars: u16::MAX }]);
        assert_eq!(columns.list()[0].chars, MOST, "a view file may say anything");
        columns.apply(ColumnCommand::Clear);
        assert!(columns.list().is_empty());
    }
}
