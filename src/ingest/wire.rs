//! The wire format of protobuf: fields by their numbers, as far as the bytes go. Source: protobuf.dev, "Encoding".

/// What stands in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// A number in as few bytes as it needs.
    Varint,
    /// Eight bytes.
    Fixed64,
    /// A text, bytes or a message: what is there of it, and whether that is all.
    Bytes(&'a [u8], bool),
    /// Four bytes.
    Fixed32,
    /// The end of the bytes in the middle of a field.
    Cut,
}

/// The fields of a message with their numbers; `None` and an end where the bytes can be none.
pub fn fields(bytes: &[u8]) -> impl Iterator<Item = Option<(u64, Field<'_>)>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let field = field(&mut rest);
        if matches!(field, None | Some((_, Field::Cut))) {
            rest = &[];
        }
        Some(field)
    })
}

/// A message that is cut off without what is cut: of its own last field, if that has number `outer`, all that is whole up to its
/// fields with number `inner`.
pub fn whole(bytes: &[u8], outer: u64, inner: u64) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    for (number, field) in fields(bytes).flatten() {
        match field {
            Field::Bytes(bytes, true) => put(&mut kept, number, bytes),
            Field::Bytes(cut, false) if number == outer => {
                let mut items = Vec::with_capacity(cut.len());
                for (number, item) in fields(cut).flatten() {
                    if let (Field::Bytes(item, true), true) = (item, number == inner) {
                        put(&mut items, number, item);
                    }
                }
                put(&mut kept, number, &items);
            }
            _ => {}
        }
    }
    kept
}

fn put(into: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    for mut value in [number << 3 | 2, bytes.len() as u64] {
        while value >= 0x80 {
            into.push(value as u8 | 0x80);
            value >>= 7;
        }
        into.push(value as u8);
    }
    into.extend_from_slice(bytes);
}

fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Field<'a>)> {
    let key = match varint(rest) {
        Ok(key) => key,
        Err(Bad::Cut) => return Some((0, Field::Cut)),
        Err(Bad::Wrong) => return None,
    };
    let number = key >> 3;
    // Numbers end at 2^29 - 1.
    if number == 0 || number >= 1 << 29 {
        return None;
    }
    let field = match key & 7 {
        0 => match varint(rest) {
            Ok(_) => Field::Varint,
            Err(Bad::Cut) => Field::Cut,
            Err(Bad::Wrong) => return None,
        },
        1 => fixed(rest, 8, Field::Fixed64),
        2 => match varint(rest) {
            Err(Bad::Cut) => Field::Cut,
            Err(Bad::Wrong) => return None,
            Ok(length) => {
                // Messages end at 2 GiB.
                let length = i32::try_from(length).ok()? as usize;
                let (bytes, behind) = rest.split_at(length.min(rest.len()));
                *rest = behind;
                Field::Bytes(bytes, bytes.len() == length)
            }
        },
        5 => fixed(rest, 4, Field::Fixed32),
        _ => return None,
    };
    Some((number, field))
}

fn fixed<'a>(rest: &mut &[u8], size: usize, field: Field<'a>) -> Field<'a> {
    if rest.len() < size {
        return Field::Cut;
    }
    *rest = &rest[size..];
    field
}

/// Why there is no number.
enum Bad {
    /// It is cut off.
    Cut,
    /// It does not end where it has to.
    Wrong,
}

fn varint(rest: &mut &[u8]) -> Result<u64, Bad> {
    let mut value = 0_u64;
    for (at, byte) in rest.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at as u32).min(63);
        if byte & 0x80 == 0 {
            *rest = &rest[at + 1..];
            return Ok(value);
        }
    }
    Err(if rest.len() < 10 { Bad::Cut } else { Bad::Wrong })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_up_to_where_they_are_cut() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 2, 3, 4];
        let all: Vec<_> = fields(&bytes).collect();
        assert_eq!(all, [Some((1, Field::Varint)), Some((2, Field::Bytes(b"hi", true))), Some((3, Field::Fixed32))]);
        let cut: Vec<_> = fields(&bytes[..6]).collect();
        assert_eq!(cut, [Some((1, Field::Varint)), Some((2, Field::Bytes(b"h", false)))]);
        assert_eq!(fields(&bytes[..2]).collect::<Vec<_>>(), [Some((1, Field::Cut))]);
        assert_eq!(fields(b"\x07").collect::<Vec<_>>(), [None], "a type that there is not");
        assert_eq!(fields(&[0xff; 12]).collect::<Vec<_>>(), [None], "a number without an end");
    }
}
