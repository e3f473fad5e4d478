//! The bodies behind `<<EOF`.

use super::lexer::Lexer;
use super::{Piece, Quote, RedirectKind, ShellFault, Token, Word};

impl Lexer<'_> {
    /// Reads the bodies that the line just ended has asked for.
    pub(super) fn here_documents(&mut self) -> Result<(), ShellFault> {
        for (delimiter, is_literal, drops_tabs) in std::mem::take(&mut self.awaited) {
            let start = self.at;
            let mut line_start = start;
            let end = loop {
                if line_start >= self.text.len() {
                    return Err(ShellFault::UnfinishedHereDocument(delimiter));
                }
                let line = self.text[line_start..].split('\n').next().unwrap_or("");
                let shown = if drops_tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                };
                // A fence inside a list often leaves blanks before or behind the delimiter.
                if shown.trim_end() == delimiter || shown.trim() == delimiter {
                    self.at = (line_start + line.len() + 1).min(self.text.len());
                    break line_start;
                }
                line_start += line.len() + 1;
            };
            let body = self.body(start, end, is_literal)?;
            self.attach(body);
        }
        Ok(())
    }

    fn body(&self, start: usize, end: usize, is_literal: bool) -> Result<Word, ShellFault> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut inner = Lexer::new(&self.text[..end], start, self.depth + 1);
        let quote = if is_literal {
            Quote::HereLiteral
        } else {
            Quote::Here
        };
        while let Some(next) = inner.peek() {
            match next {
                '$' | '`' if !is_literal => inner.expansion(&mut pieces, quote)?,
                '<' if inner.angle(&mut pieces, quote) => {}
                _ => inner.text_piece(&mut pieces, quote),
            }
        }
        Ok(Word {
            pieces,
            span: start..end,
        })
    }

    /// Puts the body in place of the delimiter.
    fn attach(&mut self, body: Word) {
        let waiting = self.tokens.iter_mut().find_map(|token| match token {
            Token::Redirect(redirect)
                if redirect.kind == RedirectKind::HereDocument
                    && redirect.target.span.end <= body.span.start
                    && !is_body(&redirect.target) =>
            {
                Some(redirect)
            }
            _ => None,
        });
        if let Some(redirect) = waiting {
            redirect.target = body;
        }
    }
}

fn is_body(target: &Word) -> bool {
    let of_body = |piece: &Piece| matches!(piece.quote, Quote::Here | Quote::HereLiteral);
    target.pieces.is_empty() || target.pieces.iter().any(of_body)
}
