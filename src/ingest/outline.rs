//! The outline of a JSON text: its first value's names and lists. Tolerant, since it also looks at beginnings and ruins.

/// Names and lists deeper than this many objects are details of records, not of the document.
const LIST_DEPTH: usize = 3;

/// Names kept of one object: enough to know a format by.
const NAMES: usize = 64;

/// A list on the way down from the document through objects only.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct List {
    /// Dotted path; empty for a list that is the whole document.
    pub path: String,
    /// How many objects are in it.
    pub objects: usize,
    /// How many other values.
    pub others: usize,
    /// The names in its first object.
    pub names: Vec<String>,
}

/// What the beginning of a JSON text looks like from above.
#[derive(Debug, Default)]
pub struct Outline {
    /// The names of the first value, when it is an object.
    pub names: Vec<String>,
    /// Its string members.
    pub texts: Vec<(String, String)>,
    /// The lists in it, in their order.
    pub lists: Vec<List>,
    /// Where the first value ends, if it does.
    pub end: Option<usize>,
}

#[derive(Debug)]
struct Container {
    /// The list that it is, or that it is the first object of.
    list: Option<usize>,
    object: bool,
    /// The dotted path, while there are only objects on the way.
    path: Option<String>,
    /// The last string in it, which may be the name of the next value; emptied by a comma.
    name: String,
    /// Behind a colon.
    value: bool,
}

impl List {
    /// True when the first object has all these names.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.names.iter().any(|own| own == name))
    }
}

impl Outline {
    /// Looks at the first value of `text`.
    pub fn of(text: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut open: Vec<Container> = Vec::new();
        let mut i = text.len() - text.trim_ascii_start().len();
        while let Some(&byte) = text.get(i) {
            match byte {
                b'"' => {
                    let end = string_end(text, i + 1);
                    let string = String::from_utf8_lossy(&text[i + 1..end.min(text.len())]).into_owned();
                    outline.string(&mut open, string);
                    i = end;
                }
                b'{' | b'[' => outline.open(&mut open, byte == b'{'),
                b':' => open.iter_mut().next_back().into_iter().for_each(|c| c.value = true),
                b',' => open.iter_mut().next_back().into_iter().for_each(|c| c.value = false),
                b'}' | b']' => {
                    open.pop();
                    if open.is_empty() {
                        outline.end = Some(i + 1);
                        return outline;
                    }
                }
                b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                    while text.get(i + 1).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)) {
                        i += 1;
                    }
                    outline.other(&open);
                }
                _ => {}
            }
            i += 1;
        }
        outline
    }

    fn string(&mut self, open: &mut [Container], string: String) {
        let top = open.len() == 1;
        let Some(container) = open.last_mut() else { return };
        if !container.object {
            self.other(open);
        } else if container.value {
            if top {
                self.texts.push((container.name.clone(), string));
            }
        } else {
            let names = match container.list {
                Some(list) => Some(&mut self.lists[list].names),
                None => top.then_some(&mut self.names),
            };
            if let Some(names) = names.filter(|names| names.len() < NAMES) {
                names.push(string.clone());
            }
            container.name = string;
        }
    }

    fn open(&mut self, open: &mut Vec<Container>, object: bool) {
        let (mut list, mut path) = (None, None);
        match open.last() {
            None => path = Some(String::new()),
            Some(parent) if parent.object && open.len() <= LIST_DEPTH => {
                let dots = parent.name.contains('.');
                path = parent.path.as_ref().filter(|_| !dots).map(|path| join(path, &parent.name));
            }
            Some(Container { object: false, list: Some(of), .. }) => {
                let of = *of;
                if object {
                    self.lists[of].objects += 1;
                    list = (self.lists[of].objects == 1).then_some(of);
                } else {
                    self.lists[of].others += 1;
                }
            }
            Some(_) => {}
        }
        if let (false, Some(path)) = (object, &path) {
            list = Some(self.lists.len());
            self.lists.push(List { path: path.clone(), ..List::default() });
        }
        open.push(Container { list, object, path, name: String::new(), value: false });
    }

    /// A value without brackets.
    fn other(&mut self, open: &[Container]) {
        if let Some(Container { object: false, list: Some(list), .. }) = open.last() {
            self.lists[*list].others += 1;
        }
    }

    /// The list at a path.
    pub fn list(&self, path: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.path == path)
    }

    /// True when the first value is an object with this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// True when there is a list at a path whose first object has all these names.
    pub fn lists(&self, path: &str, names: &[&str]) -> bool {
        self.list(path).is_some_and(|list| list.has(names))
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The closing quote of a string, or the line end that cuts it off, or the end of the text.
fn string_end(text: &[u8], mut at: usize) -> usize {
    while let Some(i) = memchr::memchr3(b'"', b'\\', b'\n', &text[at.min(text.len())..]) {
        if text[at + i] != b'\\' {
            return at + i;
        }
        at += i + 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_lists_are_seen_from_above() {
        let text =
            br#" {"name":"x, y","n":[1,"a",[2]],"run":{"events":[{"a":[{"no":1}],"b":2},{"c":3}, 4]}, "empty":[]} {"#;
        let outline = Outline::of(text);
        assert_eq!(outline.names, ["name", "n", "run", "empty"]);
        assert_eq!(outline.texts, [("name".to_owned(), "x, y".to_owned())]);
        let seen: Vec<_> = outline.lists.iter().map(|l| (l.path.as_str(), l.objects, l.others)).collect();
        assert_eq!(seen, [("n", 0, 3), ("run.events", 2, 1), ("empty", 0, 0)]);
        assert_eq!(outline.list("run.events").unwrap().names, ["a", "b"]);
        assert_eq!(outline.end, Some(text.len() - 2));
    }

    #[test]
    fn beginnings_have_an_outline_too() {
        let outline = Outline::of(br#"[{"ph":"X","ts":1},{"ph"#);
        assert_eq!((outline.lists[0].objects, outline.end), (2, None));
        assert_eq!(outline.lists[0].names, ["ph", "ts"]);
        assert_eq!(Outline::of(&vec![b'['; 1 << 20]).end, None);
    }
}
