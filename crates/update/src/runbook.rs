//! What the folders of runbooks answer, and where a document is asked for.

use model::Model;
use model::message::{
    Effect, RunbookAnswer, RunbookEffect, RunbookMsg, RunbookOffer, RunbookPlace,
};
use model::runbook::{self, RunbookChoice, RunbookPage, RunbookStage};
use model::screen::{Overlay, OverlayState};
use text::Outside;
use view::layout;

use crate::pane;
use keys::action::Action;

pub(super) fn update(model: &mut Model, msg: RunbookMsg) -> Vec<Effect> {
    match msg {
        RunbookMsg::Found { request, found } => on_found(model, request, found),
        RunbookMsg::Read { request, read } => {
            on_read(model, request, read);
            Vec::new()
        }
    }
}

/// Asks for what fits the selected line of the focused pane.
pub(super) fn find(model: &mut Model) -> Vec<Effect> {
    let Some(question) = pane::focused(model).question(model) else {
        return Vec::new();
    };
    let request = next_request(model);
    let page = RunbookPage::new(request, RunbookStage::Looking);
    model.screen.lay(page);
    vec![Effect::Runbook(RunbookEffect::Find { request, question })]
}

/// Opens a document over what is there.
pub(super) fn open(model: &mut Model, offer: RunbookOffer) -> Vec<Effect> {
    let request = next_request(model);
    let file = offer.file.clone();
    let page = RunbookPage::new(request, RunbookStage::Reading(offer));
    model.screen.lay(page);
    vec![read(request, file)]
}

pub(super) fn next_request(model: &mut Model) -> u32 {
    model.runbook_requests = model.runbook_requests.wrapping_add(1);
    model.runbook_requests
}

pub(super) fn read(request: u32, file: RunbookPlace) -> Effect {
    Effect::Runbook(RunbookEffect::Read { request, file })
}

/// The rows follow the width of the screen.
pub(super) fn settle(model: &mut Model) {
    let (columns, _) = layout::text(model);
    let overlays = model.screen.overlays.iter_mut();
    for page in overlays.filter_map(RunbookPage::of_mut) {
        page.fit(columns);
    }
}

/// Where the page lies that waits for this answer.
fn place_of(model: &Model, request: u32) -> Option<usize> {
    let is_meant =
        |overlay: &Overlay| RunbookPage::of(overlay).is_some_and(|page| page.request == request);
    model.screen.overlays.iter().position(is_meant)
}

fn on_found(model: &mut Model, request: u32, found: Result<RunbookAnswer, Outside>) -> Vec<Effect> {
    let Some(place) = place_of(model, request) else {
        return Vec::new();
    };
    let mut answer = match found {
        Ok(answer) => answer,
        Err(why) => {
            model.screen.overlays.remove(place);
            model.complain(why);
            return Vec::new();
        }
    };
    tell(model, &answer);
    if answer.is_fitting && answer.offers.len() == 1 {
        let offer = answer.offers.remove(0);
        let file = offer.file.clone();
        let page = RunbookPage::new(request, RunbookStage::Reading(offer));
        model.screen.overlays[place] = page.into();
        return vec![read(request, file)];
    }
    if answer.offers.is_empty() {
        model.screen.overlays.remove(place);
    } else {
        model.screen.overlays[place] = RunbookChoice::new(answer).into();
    }
    Vec::new()
}

/// Why nothing fits, and what could not be read.
fn tell(model: &mut Model, answer: &RunbookAnswer) {
    let places = runbook::places(answer);
    if answer.folders.is_empty() {
        model.complain(
            "no folder of runbooks is known; name some in the configuration: [runbooks] folders = [\"~/runbooks\"]",
        );
        return;
    }
    let unread = answer.unread.first().map(|first| {
        let more = answer.unread.len() - 1;
        let more = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        format!("not read: {}{more}", first.raw())
    });
    let words = match (answer.is_fitting, answer.offers.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("there is no runbook in {}", places.raw())),
        (false, false) if answer.looked_for.is_empty() => None,
        (false, false) => {
            let looked_for: Vec<&str> = answer.looked_for.iter().map(Outside::raw).collect();
            let looked_for = looked_for.join("; ");
            Some(format!(
                "no runbook fits: looked in {} for {looked_for}",
                places.raw()
            ))
        }
    };
    match (words, unread) {
        (None, None) => {}
        (Some(words), None) => model.say(words),
        (None, Some(unread)) => model.complain(unread),
        (Some(words), Some(unread)) => model.complain(format!("{words}; {unread}")),
    }
}

fn on_read(model: &mut Model, request: u32, read: Result<Outside, Outside>) {
    let Some(place) = place_of(model, request) else {
        return;
    };
    let (columns, _) = layout::text(model);
    let page = RunbookPage::of_mut(&mut model.screen.overlays[place]);
    let Some(page) = page else {
        return;
    };
    let offer = match &page.stage {
        RunbookStage::Looking => return,
        RunbookStage::Reading(offer) => offer.clone(),
        RunbookStage::Open(open) => open.offer.clone(),
    };
    match read {
        Ok(text) => {
            let runbook = ::runbook::parse(&text.raw_bytes());
            page.show(offer, runbook, columns);
        }
        Err(why) => {
            // What was read before stays.
            if page.open().is_none() {
                model.screen.overlays.remove(place);
            }
            let retry = model.key(Action::Runbook);
            model.complain(format!("{}; {retry} looks again", why.raw()));
        }
    }
}
