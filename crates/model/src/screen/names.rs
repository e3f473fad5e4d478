//! How wide the names of a list are: its columns follow them, and stand still while lines go by.

use super::List;
use text::Outside;

/// The longest namespace and name that a list has shown, in columns of the screen.
#[derive(Clone, Debug, Default)]
pub struct NameColumns {
    pub namespace: u16,
    pub name: u16,
    /// The epoch, size, order and filter of the list they were in.
    of: (u32, (u16, u16), usize, String),
}

impl List {
    /// Takes the names that are shown now. Columns only grow, until a person asks for another list: by another context or
    /// scope, size, order or filter, once that is typed.
    pub fn show_names<'a>(
        &mut self,
        (epoch, size): (u32, (u16, u16)),
        is_typing: bool,
        shown: impl Iterator<Item = (&'a Outside, &'a Outside)>,
    ) {
        let same = (epoch, size, self.sort, self.filter.text());
        let of = &self.names.of;
        if !is_typing && same != (of.0, of.1, of.2, of.3.as_str()) {
            let of = (epoch, size, self.sort, self.filter.text().to_owned());
            self.names = NameColumns {
                of,
                ..NameColumns::default()
            };
        }
        let columns = |text: &Outside| u16::try_from(text.shown().width()).unwrap_or(u16::MAX);
        for (namespace, name) in shown {
            self.names.namespace = self.names.namespace.max(columns(namespace));
            self.names.name = self.names.name.max(columns(name));
        }
    }
}
