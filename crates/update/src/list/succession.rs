//! What takes the place of a selected object that is gone: the newest of its kin, or the row at its place. Never takes a
//! selection away that somebody made since.

use model::Model;
use model::meta::{Meta, Row};
use model::screen::{List, SUCCESSION_MS, SeenObject, Succession};
use model::table::Table;
use model::time::{At, Seconds};

use super::put_on_line;
use text::Outside;

/// How the rows of a table are called and related.
pub(crate) struct Kinship<R> {
    /// What a row is called on the screen.
    pub(crate) title: fn(&R) -> &str,
    /// What a row shares with its successors.
    pub(crate) kin: fn(&R) -> Option<&str>,
    /// What is said of a row that the table has no more: `is gone`.
    pub(crate) gone: &'static str,
}

/// Puts the cursor on what took the place of the selected object; what is to be said of that.
pub(crate) fn follow<R: Row>(
    list: &mut List,
    table: &Table<R>,
    (height, now): (usize, At),
    kinship: &Kinship<R>,
) -> Option<String> {
    if !list.is_pointed {
        (list.seen, list.lost) = (None, None);
        return None;
    }
    let is_listed = |list: &List| {
        let cursor = list.cursor.as_ref();
        cursor.is_some_and(|cursor| table.line_of(&cursor.uid).is_some())
    };
    if !is_listed(list) {
        let seen = list.seen.take();
        let was_on = |seen: &SeenObject| {
            let cursor = list.cursor.as_ref();
            cursor.is_none_or(|cursor| cursor.uid == seen.uid)
        };
        if let Some(of) = seen.filter(was_on) {
            list.lost = Some(Succession {
                of,
                since: now,
                is_awaited: true,
            });
        }
    }
    let words = succeed(list, table, (height, now), kinship, is_listed(list));
    remember(list, table, kinship);
    words
}

/// The cursor is on a row that only stands where the selected one stood.
pub(crate) fn is_on_a_stranger(list: &List) -> bool {
    let Some(lost) = list.lost.as_ref().filter(|lost| lost.is_awaited) else {
        return false;
    };
    let is_kin = |seen: &SeenObject| is_related(&lost.of, &seen.namespace, raw(seen.kin.as_ref()));
    !list.seen.as_ref().is_some_and(is_kin)
}

fn succeed<R: Row>(
    list: &mut List,
    table: &Table<R>,
    (height, now): (usize, At),
    kinship: &Kinship<R>,
    is_on_a_row: bool,
) -> Option<String> {
    let lost = list.lost.as_ref().filter(|lost| lost.is_awaited)?;
    let is_late = now.since_ms(lost.since) >= SUCCESSION_MS;
    let heir = (!is_on_a_row || !is_late).then(|| heir(list, table, kinship));
    let line = match heir.flatten() {
        Some(line) => line,
        // An empty list has no place to stand at.
        None if !is_on_a_row => lost.of.line.min(table.len().checked_sub(1)?),
        None => return None,
    };
    let (row, _) = table.row_at(line)?;
    let is_known = table.get(&lost.of.uid).is_some();
    let gone = if is_known {
        "is not listed any more"
    } else {
        kinship.gone
    };
    let words = format!(
        "{} {gone}: the cursor is on {}",
        lost.of.title.raw(),
        (kinship.title)(row)
    );
    put_on_line(list, table, height, line);
    Some(words)
}

/// The line of the successor, unless the cursor is on it: the object of the same name, else the newest of its kin.
fn heir<R: Row>(list: &List, table: &Table<R>, kinship: &Kinship<R>) -> Option<usize> {
    let lost = &list.lost.as_ref()?.of;
    let mut best: Option<(bool, Option<i64>, usize)> = None;
    for line in 0..table.len() {
        let Some((row, false)) = table.row_at(line) else {
            continue;
        };
        let meta = row.meta();
        let is_namesake = meta.namespace == lost.namespace && meta.name == lost.name;
        if !is_namesake && !is_related(lost, &meta.namespace, (kinship.kin)(row)) {
            continue;
        }
        let created = meta.created.map(Seconds::unix);
        if best
            .is_none_or(|(was_namesake, newest, _)| (is_namesake, created) > (was_namesake, newest))
        {
            best = Some((is_namesake, created, line));
        }
    }
    let (is_namesake, _, line) = best?;
    let seen = list.seen.as_ref().filter(|seen| {
        let cursor = list.cursor.as_ref();
        cursor.is_some_and(|cursor| cursor.uid == seen.uid)
    });
    let is_settled = seen.is_some_and(|seen| {
        let is_kin = is_related(lost, &seen.namespace, raw(seen.kin.as_ref()));
        (is_kin && !is_namesake) || (seen.namespace == lost.namespace && seen.name == lost.name)
    });
    (!is_settled).then_some(line)
}

fn is_related(lost: &SeenObject, namespace: &Outside, kin: Option<&str>) -> bool {
    lost.namespace == *namespace && kin.is_some() && raw(lost.kin.as_ref()) == kin
}

fn raw(text: Option<&Outside>) -> Option<&str> {
    text.map(Outside::raw)
}

/// What the cursor is on now.
fn remember<R: Row>(list: &mut List, table: &Table<R>, kinship: &Kinship<R>) {
    let Some(cursor) = &list.cursor else {
        return;
    };
    let Some(line) = table.line_of(&cursor.uid) else {
        return;
    };
    let is_known = |seen: &SeenObject| seen.uid == cursor.uid;
    if let Some(seen) = list.seen.as_mut().filter(|seen| is_known(seen)) {
        seen.line = line;
        return;
    }
    let Some((row, _)) = table.row_at(line) else {
        return;
    };
    let Meta {
        uid,
        namespace,
        name,
        ..
    } = row.meta();
    list.seen = Some(SeenObject {
        uid: uid.clone(),
        namespace: namespace.clone(),
        name: name.clone(),
        title: (kinship.title)(row).into(),
        kin: (kinship.kin)(row).map(Into::into),
        line,
    });
}

/// Says where the cursor went; an error stays until somebody has read it.
pub(crate) fn tell(model: &mut Model, words: Option<String>) {
    let status = model.screen.status.as_ref();
    let is_free = status.is_none_or(|status| !status.is_error);
    if let Some(words) = words.filter(|_| is_free) {
        model.say(words);
    }
}
