use proptest::prelude::*;

use super::*;

fn told(bytes: &[u8]) -> Result<&'static str, Refused> {
    // In pieces, so that nothing depends on how a file arrives.
    let mut whole = Inspection::default();
    whole.see(bytes);
    let mut pieces = Inspection::default();
    bytes.chunks(7).for_each(|piece| pieces.see(piece));
    let told = whole.finish();
    assert_eq!(told, pieces.finish());
    told.map(|kind| kind.media_type)
}

/// A stored (uncompressed) entry and nothing else of a ZIP file.
fn entry(name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
    [
        &b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0"[..],
        &size,
        &size,
        &name_length,
        b"\0\0",
        name.as_bytes(),
        content,
    ]
    .concat()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip: Vec<u8> = entries
        .iter()
        .flat_map(|(name, content)| entry(name, content))
        .collect();
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    zip
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0;";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

#[test]
fn what_staff_attach_is_known_by_its_bytes() {
    let docx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<R/>"),
        ("word/document.xml", b"<w/>"),
    ]);
    let xlsx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<w/>"),
    ]);
    let pptx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<w/>"),
    ]);
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<c/>"),
    ]);
    let webm = [
        &b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x81\x01\x42\x82\x84webm"[..],
        &[0; 300],
    ]
    .concat();
    for (bytes, media_type) in [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heif"),
        (PDF, "application/pdf"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ", "video/quicktime"),
        (&webm, "video/webm"),
        (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom", "audio/mp4"),
        (
            b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01vorbis",
            "audio/ogg",
        ),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (&docx, KINDS[13].media_type),
        (&xlsx, KINDS[14].media_type),
        (&pptx, KINDS[15].media_type),
        (&odt, "application/vnd.oasis.opendocument.text"),
        (
            "Tom wrote: \u{2018}add me\u{2019}\r\n\tat 21:04 \u{1F642}\n".as_bytes(),
            "text/plain",
        ),
        (
            b"From: a@school.example\r\nSubject: x\r\n\r\n<html><script>1</script></html>",
            "text/plain",
        ),
        (b"BMI is not for the group chat", "text/plain"),
    ] {
        assert_eq!(told(bytes), Ok(media_type));
    }
}

#[test]
fn what_could_run_is_refused() {
    let html = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
    let macros = zip(&[
        ("[Content_Types].xml", b"<T/>"),
        ("word/document.xml", b"<w/>"),
        ("word/vbaProject.bin", b"x"),
    ]);
    for (bytes, why) in [
        (&b""[..], Refused::Empty),
        (html, Refused::Markup),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Refused::Markup),
        (b"<?xml version='1.0'?><svg/>", Refused::Markup),
        (b"#!/bin/sh\nrm -rf /\n", Refused::Markup),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", Refused::NotOnTheList),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", Refused::NotOnTheList),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0", Refused::NotOnTheList),
        (b"text with a \0 in it", Refused::NotOnTheList),
        (b"caf\xe9 in another encoding", Refused::NotOnTheList),
        (&zip(&[("holiday.exe", b"MZ")]), Refused::Packed),
        (&macros, Refused::Macros),
    ] {
        assert_eq!(told(bytes), Err(why));
    }
}

#[test]
fn one_file_that_is_two_is_refused() {
    let archive = zip(&[("evil.class", b"x")]);
    let long = [PNG, &vec![1; 200_000], &archive].concat();
    for two in [
        [GIF, &archive].concat(),
        [JPEG, &archive].concat(),
        [PDF, &archive].concat(),
        long,
        [GIF, PDF].concat(),
        [JPEG, b"<script>alert(1)</script>"].concat(),
        [&b"GIF89a/*"[..], b"*/=1;<HTML><SCRIPT>alert(1)</SCRIPT>"].concat(),
    ] {
        assert_eq!(told(&two), Err(Refused::TwoInOne));
    }
}

#[test]
fn no_kind_is_listed_twice_and_every_one_has_an_ending() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert!(!kind.endings.is_empty());
        assert!(
            KINDS[at + 1..]
                .iter()
                .all(|other| other.media_type != kind.media_type)
        );
    }
}

proptest! {
    #[test]
    fn nothing_breaks_it(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0..8_usize) {
        let docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b"<R/>")]);
        let starts: [&[u8]; 8] = [b"", b"PK\x03\x04", &docx, PNG, PDF, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0\0\0\x18ftyp", b"RIFF"];
        told(&[starts[start], &bytes].concat()).ok();
    }

    #[test]
    fn a_cut_or_altered_office_file_breaks_nothing(at: prop::sample::Index, value: u8, cut: bool) {
        let mut docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b"<R/>"), ("word/document.xml", b"<w/>")]);
        let at = at.index(docx.len());
        if cut { docx.truncate(at) } else { docx[at] = value }
        told(&docx).ok();
    }
}
