//! Bodies cut at every byte, oversized, out of step.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::wire::MAGIC;

/// Everything that comes out of a body given in chunks of this many bytes, and whether its end was clean.
fn cut(mut framer: Framer, body: &[u8], chunk: usize) -> Result<(Vec<Frame>, bool), Garbage> {
    let mut frames = Vec::new();
    for chunk in body.chunks(chunk) {
        framer.push(chunk);
        while let Some(frame) = framer.next()? {
            frames.push(frame);
        }
    }
    Ok((frames, !framer.is_cut()))
}

fn ones(frames: &[Frame]) -> Vec<&[u8]> {
    let mut ones: Vec<&[u8]> = Vec::new();
    for frame in frames {
        if let Frame::One(bytes) = frame {
            ones.push(bytes);
        }
    }
    ones
}

fn binary_event(event: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(event.len()).unwrap().to_be_bytes().to_vec();
    frame.extend_from_slice(event);
    frame
}

/// Field `number`, length-delimited.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    prost::encoding::encode_varint(body.len() as u64, &mut bytes);
    bytes.extend_from_slice(body);
    bytes
}

fn binary_list(items: &[&[u8]]) -> Vec<u8> {
    let meta = field(1, &field(2, b"77"));
    let list = items
        .iter()
        .fold(meta, |list, item| [list, field(2, item)].concat());
    [
        MAGIC.to_vec(),
        field(1, b"kind"),
        field(2, &list),
        field(4, b""),
    ]
    .concat()
}

const JSON_LIST: &[u8] =
    br#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"77","x":{"items":[{}]}},
  "items":[{"a":"}]\"\\"},{"b":{"c":[1,{"d":"{"}]}},
  {}]}
"#;

#[test]
fn a_binary_watch_comes_out_the_same_however_it_is_cut() {
    let body = [
        binary_event(b"one"),
        binary_event(b""),
        binary_event(b"three"),
    ]
    .concat();
    for chunk in 1..=body.len() {
        let (frames, is_clean) = cut(Framer::watch(true), &body, chunk).unwrap();
        assert_eq!(ones(&frames), [&b"one"[..], b"", b"three"]);
        assert!(is_clean);
    }
}

#[test]
fn lines_come_out_the_same_however_they_are_cut_and_empty_ones_are_nothing() {
    let body = b"{\"a\":1}\n\n  \r\n{\"b\":2}\n";
    for chunk in 1..=body.len() {
        let (frames, is_clean) = cut(Framer::watch(false), body, chunk).unwrap();
        assert_eq!(ones(&frames), [&b"{\"a\":1}\n"[..], b"{\"b\":2}\n"]);
        assert!(is_clean);
    }
}

#[test]
fn a_watch_that_ends_in_mid_event_gives_the_whole_ones_only() {
    let binary = [binary_event(b"one"), binary_event(b"two")].concat();
    let lines = b"{\"one\":1}\n{\"two\":2}\n";
    for (is_binary, body, first) in [(true, &binary[..], 7), (false, &lines[..], 10)] {
        for end in first + 1..body.len() {
            let (frames, is_clean) = cut(Framer::watch(is_binary), &body[..end], 3).unwrap();
            assert_eq!((ones(&frames).len(), is_clean), (1, false), "ends at {end}");
        }
    }
}

#[test]
fn lists_come_out_the_same_however_they_are_cut() {
    let binary = binary_list(&[b"one", b"", b"three"]);
    let texts: [&[u8]; 3] = [br#"{"a":"}]\"\\"}"#, br#"{"b":{"c":[1,{"d":"{"}]}}"#, b"{}"];
    for (is_binary, body, items) in [
        (true, &binary[..], [&b"one"[..], b"", b"three"]),
        (false, JSON_LIST, texts),
    ] {
        for chunk in 1..=body.len() {
            let (frames, is_clean) = cut(Framer::list(is_binary), body, chunk).unwrap();
            assert_eq!(ones(&frames), items);
            assert!(
                frames.iter().any(
                    |frame| matches!(frame, Frame::Meta(meta) if meta.resource_version == "77")
                )
            );
            assert!(is_clean);
        }
    }
}

#[test]
fn a_list_that_ends_early_is_never_taken_for_whole() {
    let binary = binary_list(&[b"one", b"two"]);
    let end_of_list = binary.len() - 2;
    for end in 0..end_of_list {
        assert!(
            !cut(Framer::list(true), &binary[..end], 5).unwrap().1,
            "binary, ends at {end}"
        );
    }
    let json = JSON_LIST.trim_ascii_end();
    for end in 0..json.len() {
        assert!(
            !cut(Framer::list(false), &json[..end], 5).unwrap().1,
            "JSON, ends at {end}"
        );
    }
}

#[test]
fn what_is_too_big_is_skipped_and_what_follows_is_read() {
    let big = vec![b'x'; FRAME_BYTES + 1];
    let binary = [binary_event(&big), binary_event(b"next")].concat();
    let lines = [&big[..], b"\nnext\n"].concat();
    let list = binary_list(&[&big, b"next"]);
    let json = [br#"{"items":[{"a":""#, &big[..], br#""},{"b":1}]}"#].concat();
    for (framer, body) in [
        (Framer::watch(true), binary),
        (Framer::watch(false), lines),
        (Framer::list(true), list),
        (Framer::list(false), json),
    ] {
        let (frames, is_clean) = cut(framer, &body, 64 << 10).unwrap();
        assert_eq!(
            frames
                .iter()
                .filter(|frame| **frame == Frame::TooBig)
                .count(),
            1
        );
        assert_eq!(ones(&frames).len(), 1);
        assert!(is_clean);
    }
}

#[test]
fn a_line_without_end_is_not_kept_in_memory() {
    let mut framer = Framer::watch(false);
    let line = vec![b'x'; 64 << 10];
    let mut too_big = 0;
    for _ in 0..1_024 {
        framer.push(&line);
        too_big += u32::from(framer.next().unwrap() == Some(Frame::TooBig));
        assert!(framer.buffer.len() <= FRAME_BYTES + (64 << 10));
    }
    assert_eq!(too_big, 1);
}

#[test]
fn a_body_that_is_no_list_and_a_length_that_nobody_means_are_garbage() {
    assert!(cut(Framer::list(true), b"<html><body>login</body></html>", 8).is_err());
    assert!(cut(Framer::list(false), b"<html><body>login</body></html>", 8).is_err());
    assert!(cut(Framer::watch(true), &[0xff; 64], 8).is_err());
    let mut inside_out = binary_list(&[b"one"]);
    inside_out[12] = 0x7f;
    assert!(!matches!(
        cut(Framer::list(true), &inside_out, 8),
        Ok((_, true))
    ));
}
