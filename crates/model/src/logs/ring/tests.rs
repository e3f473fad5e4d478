//! The ring by its front door: segments in, lines by time and counts out.

use super::*;
use crate::logs::Nanos;

fn stream(pod: &str) -> Arc<StreamId> {
    Arc::new(StreamId {
        namespace: "shop".into(),
        pod: pod.into(),
        uid: pod.into(),
        container: "app".into(),
        is_previous: false,
    })
}

fn segment(pod: &str, lines: &[(i64, &str)]) -> Arc<Segment> {
    let mut filling = OpenSegment::default();
    for (at, text) in lines {
        filling.line(Nanos(*at), text.as_bytes(), 0);
    }
    Arc::new(filling.seal(&stream(pod)))
}

fn texts(ring: &Ring) -> Vec<&str> {
    (0..ring.order().len())
        .filter_map(|index| ring.line(ring.order().at(index)?))
        .map(|(segment, line)| match line.marker.as_deref() {
            Some(Marker::Dropped { .. }) => "(dropped)",
            _ => segment.text(line),
        })
        .collect()
}

#[test]
fn lines_of_many_streams_stand_by_time_and_a_clock_that_steps_back_changes_no_order() {
    let mut ring = Ring::default();
    ring.push(segment("a", &[(10, "a1"), (30, "a2")]), None);
    ring.push(segment("b", &[(20, "b1"), (5, "b2"), (40, "b3")]), None);
    assert_eq!(texts(&ring), ["a1", "b1", "b2", "a2", "b3"]);
    ring.push(segment("a", &[(25, "a3")]), None);
    assert_eq!(texts(&ring), ["a1", "b1", "b2", "a2", "a3", "b3"]);
}

fn big(pod: &str, at: i64) -> Arc<Segment> {
    let text = "x".repeat(8 << 20);
    segment(pod, &[(at, &text)])
}

#[test]
fn what_does_not_fit_goes_the_oldest_first_and_is_counted() {
    let mut ring = Ring::default();
    for at in 0..20 {
        ring.push(big("a", at), None);
    }
    assert!(ring.bytes() <= RING_BYTES_MAX);
    assert_eq!(ring.order().len() as u64 + ring.let_go_lines(), 20);
    assert_eq!(ring.order().at(0).map(|place| place.key), Some(13));
    assert_eq!(
        ring.newest_first().next().map(|(number, _)| number),
        Some(19)
    );
}

#[test]
fn what_somebody_reads_stays_and_a_marker_counts_what_went_behind_it() {
    let mut ring = Ring::default();
    ring.push(segment("a", &[(0, "before")]), None);
    ring.push(segment("a", &[(1, "read")]), None);
    for at in 2..30 {
        ring.push(big("a", at), Some(&(1..=1)));
    }
    let texts = texts(&ring);
    assert_eq!(texts[..2], ["read", "(dropped)"]);
    assert_eq!(ring.let_go_lines(), 1);
    let dropped: u64 = ring
        .newest_first()
        .map(|(_, segment)| segment.dropped())
        .sum();
    let kept = texts.iter().filter(|text| text.starts_with('x')).count() as u64;
    assert_eq!(dropped + kept, 28);
}

#[test]
fn found_lines_of_a_segment_get_the_places_that_they_have_in_the_order() {
    let mut ring = Ring::default();
    ring.push(segment("a", &[(10, "a1"), (3, "a2"), (30, "a3")]), None);
    let places = ring.places(0, &[1, 2]);
    let indices: Vec<_> = places
        .iter()
        .map(|place| ring.order().index_of(*place))
        .collect();
    assert_eq!(indices, [Ok(1), Ok(2)]);
    assert!(ring.places(7, &[0]).is_empty());
}
