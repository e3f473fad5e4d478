//! Where in the document a block and a step stand.

use runbook::{BlockKind, parse};

#[test]
fn the_text_of_an_item_stands_on_its_own_lines_and_not_on_those_of_what_is_below_it() {
    let document = "- first `kubectl get pods`\n  goes on\n  1. nested `kubectl get nodes`\n  2. by hand\n\n     more\n- [ ] last\n  > quoted\n";
    let runbook = parse(document.as_bytes());
    let steps: Vec<(usize, usize)> = runbook
        .steps
        .iter()
        .map(|step| (step.lines.first, step.lines.last))
        .collect();
    assert_eq!(steps, [(1, 2), (3, 3), (4, 6), (7, 8)]);
    let BlockKind::List { items, .. } = &runbook.blocks[0].kind else {
        panic!("no list");
    };
    let blocks = items.iter().flat_map(|item| &item.blocks);
    let lines: Vec<(usize, usize)> = blocks
        .map(|block| (block.lines.first, block.lines.last))
        .collect();
    assert_eq!(lines, [(1, 2), (3, 6), (7, 7), (8, 8)]);
}
