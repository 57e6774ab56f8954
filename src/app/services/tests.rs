//! The window's services, without a window.

use super::*;
use crate::app::pair::PairCommand;
use crate::app::state::Loading;

fn settle(app: &mut App) {
    for _ in 0..4 {
        app.step(Instant::now());
    }
}

#[test]
fn a_missing_file_becomes_a_page_with_the_sentence() {
    let mut app = App::in_place();
    app.open([PathBuf::from("/no/such/pack")]);
    settle(&mut app);
    let Page::Failed(failed) = &app.state.page else { panic!("{:?}", app.state.page) };
    assert!(failed.why.contains("/no/such/pack"), "{}", failed.why);
    assert!(app.state.loading.is_none());
}

#[test]
fn cancelling_brings_back_what_was_there_at_once() {
    let mut app = App::with(Work::Behind, None);
    app.loads.start("test", |handle| {
        while !handle.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Outcome {
            request: Request::default(),
            remember: false,
            result: Err(Failure { text: String::new(), detail: None }),
        }
    });
    app.state.loading = Some(Loading::new(Request::default(), false));
    app.push(Command::CancelLoad);
    app.step(Instant::now());
    assert!(app.state.loading.is_none() && matches!(app.state.page, Page::Home));
    std::thread::sleep(Duration::from_millis(20));
    settle(&mut app);
    assert!(matches!(app.state.page, Page::Home), "the cancelled load arrived");
}

#[test]
fn a_load_that_ends_as_the_next_begins_is_not_taken_for_it() {
    let mut app = App::in_place();
    let failure = Failure { text: "The first one failed.".to_owned(), detail: None };
    app.state.loading = Some(Loading::new(Request::paths([PathBuf::from("first")]), false));
    app.load(|_| Outcome { request: Request::default(), remember: false, result: Err(failure) });
    // The first has ended and nobody took it in yet, when a person opens the second.
    app.open([PathBuf::from("/no/such/second")]);
    settle(&mut app);
    let Page::Failed(failed) = &app.state.page else { panic!("{:?}", app.state.page) };
    assert!(failed.why.contains("/no/such/second"), "{}", failed.why);
}

#[test]
fn a_search_is_saved_as_it_is_typed_and_outlives_going_home() {
    let home = tempfile::tempdir().unwrap();
    let start = || {
        let mut app = App::new(Some(Folders::inside(home.path())));
        app.work = Work::Here;
        app.open([PathBuf::from("fixtures/task-order-race")]);
        settle(&mut app);
        app
    };
    let mut app = start();
    app.save();
    assert_eq!(app.save_at, None);
    app.push(PairCommand::Search("task 4".to_owned()));
    app.step(Instant::now());
    assert!(app.save_at.is_some(), "nothing is going to be written");
    app.push(Command::Home);
    app.step(Instant::now());
    app.save();
    let mut again = start();
    assert_eq!(again.state.pair().map(|pair| pair.search().text()), Some("task 4"));
    again.push(PairCommand::Search(String::new()));
    again.step(Instant::now());
    again.save();
    assert_eq!(start().state.pair().map(|pair| pair.search().text()), Some(""));
}
