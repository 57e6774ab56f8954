//! The commands about windows of requests. What rows and axes have in common with those of a pair is among the others.

use egui::{Key, Modifiers};

use super::{Entry, Menu, Needs, entry};
use crate::app::keys::Keys;
use crate::app::pair::PairCommand;
use crate::app::requests::{RequestsCommand, RequestsView};
use crate::app::waterfall::WaterfallCommand;

const SHIFT: Modifiers = Modifiers::SHIFT;
/// Steps of the failing window that one press goes.
const STEP: i64 = 4;

/// The commands.
pub const REQUESTS: &[Entry] = &[
    entry(Menu::View, 7, "services", "Services", || RequestsCommand::Show(RequestsView::Services).into())
        .on(&[Keys::key(Key::Num6)])
        .needs(Needs::Services)
        .says("Shows what each service does, before and now."),
    entry(Menu::View, 7, "metrics", "Metrics", || RequestsCommand::Show(RequestsView::Metrics).into())
        .on(&[Keys::with(SHIFT, Key::Num5)])
        .needs(Needs::Metrics)
        .says("Shows what the selected node of tables of metrics showed, row by row."),
    entry(Menu::View, 7, "earlier", "Earlier in the failing window", || RequestsCommand::UntilBy(-STEP).into())
        .on(&[Keys::with(SHIFT, Key::ArrowLeft)])
        .needs(Needs::Past)
        .repeats()
        .says("Shows in the propagation where how much was in trouble a little earlier."),
    entry(Menu::View, 7, "later", "Later in the failing window", || RequestsCommand::UntilBy(STEP).into())
        .on(&[Keys::with(SHIFT, Key::ArrowRight)])
        .needs(Needs::Past)
        .repeats()
        .says("Shows in the propagation where how much was in trouble a little later; at last all of it."),
    entry(Menu::View, 7, "fold-span", "Fold or unfold span", || {
        PairCommand::Waterfall(WaterfallCommand::FoldSelected).into()
    })
    .on(&[Keys::key(Key::Enter)])
    .needs(Needs::SpanRows)
    .says("Hides what is below the selected span, or shows it again; on a service, shows a request."),
    entry(Menu::Go, 5, "next-request", "Next request", || RequestsCommand::Example(1).into())
        .on(&[Keys::with(SHIFT, Key::J)])
        .needs(Needs::Waterfall)
        .repeats()
        .says("Shows the next of the requests that show the same evidence."),
    entry(Menu::Go, 5, "previous-request", "Previous request", || RequestsCommand::Example(-1).into())
        .on(&[Keys::with(SHIFT, Key::K)])
        .needs(Needs::Waterfall)
        .repeats()
        .says("Shows the request before."),
];
