//! Bytes to text: UTF-8 with or without its mark, UTF-16 with its mark, Windows-1252 for what is neither.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::error::RosterError;

/// # Errors
/// A file that is not text.
pub(crate) fn text(file: &str, bytes: &[u8]) -> Result<String, RosterError> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    if text.contains('\0') {
        return Err(RosterError::of_file(
            file,
            "This is not text.",
            "Save it as CSV (UTF-8) and try again.",
        ));
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_words() {
        let words = "Zoë Šimić";
        let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [Vec<u8>; 4] = [
            words.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", words.as_bytes()].concat(),
            [b"\xFF\xFE".to_vec(), utf16].concat(),
            b"Zo\xEB \x8Aimi\xE6".to_vec(),
        ];
        for (at, bytes) in cases.iter().enumerate() {
            let wanted = if at == 3 { "Zoë Šimiæ" } else { words };
            assert_eq!(text("a.csv", bytes).unwrap(), wanted);
        }
        assert!(text("a.csv", b"PK\x03\x04\0\0").is_err());
    }
}
