//! Cuts Rust into words and marks, without comments.

/// What the rules can tell apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Token {
    /// A name or a keyword; `r#` is taken off.
    Word(String),
    /// The contents of a string literal, escapes as they are written.
    Text(String),
    /// `::`
    Colons,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// Any other mark.
    Mark(char),
}

impl Token {
    /// Whether it is written like this.
    pub fn is(&self, written: &str) -> bool {
        match self {
            Self::Word(word) => word == written,
            Self::Mark(mark) => written.chars().eq([*mark]),
            _ => false,
        }
    }
}

/// Every token with its line, counted from 1.
pub fn split(text: &str) -> Vec<(usize, Token)> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(next) = reader.peek(0) {
        let line = reader.line;
        if let Some(token) = reader.token(next) {
            tokens.push((line, token));
        }
    }
    tokens
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn take(&mut self) -> Option<char> {
        let taken = self.peek(0)?;
        self.at += 1;
        if taken == '\n' {
            self.line += 1;
        }
        Some(taken)
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.peek(0).filter(|next| fits(*next)) {
            taken.push(next);
            self.take();
        }
        taken
    }

    fn token(&mut self, next: char) -> Option<Token> {
        match (next, self.peek(1)) {
            ('/', Some('/')) => {
                self.take_while(|char| char != '\n');
                None
            }
            ('/', Some('*')) => {
                self.block_comment();
                None
            }
            ('"', _) => Some(self.string()),
            ('\'', _) => {
                self.quote();
                None
            }
            _ if next.is_alphabetic() || next == '_' => Some(self.word()),
            _ if next.is_ascii_digit() => {
                self.take_while(|char| char.is_alphanumeric() || char == '_');
                None
            }
            _ => self.mark(),
        }
    }

    fn mark(&mut self) -> Option<Token> {
        let mark = self.take()?;
        Some(match mark {
            '{' => Token::Open,
            '}' => Token::Close,
            ',' => Token::Comma,
            ';' => Token::Semicolon,
            ':' if self.peek(0) == Some(':') => {
                self.take();
                Token::Colons
            }
            _ if mark.is_whitespace() => return None,
            _ => Token::Mark(mark),
        })
    }

    /// A word, unless it is the prefix of a string such as `br#"…"#`.
    fn word(&mut self) -> Token {
        let word = self.take_while(|char| char.is_alphanumeric() || char == '_');
        let is_prefix = matches!(word.as_str(), "r" | "b" | "c" | "br" | "cr");
        match self.peek(0) {
            Some('"') if is_prefix && word.ends_with('r') => self.raw_string(),
            Some('"') if is_prefix => self.string(),
            Some('#') if word.ends_with('r') && is_prefix => {
                if matches!(self.peek(1), Some('"' | '#')) {
                    return self.raw_string();
                }
                self.take();
                Token::Word(self.take_while(|char| char.is_alphanumeric() || char == '_'))
            }
            _ => Token::Word(word),
        }
    }

    fn string(&mut self) -> Token {
        self.take();
        let mut content = String::new();
        while let Some(next) = self.take().filter(|next| *next != '"') {
            content.push(next);
            if next == '\\' {
                content.extend(self.take());
            }
        }
        Token::Text(content)
    }

    fn raw_string(&mut self) -> Token {
        let hashes = self.take_while(|char| char == '#').len();
        self.take();
        let mut content = String::new();
        while let Some(next) = self.take() {
            if next == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                break;
            }
            content.push(next);
        }
        Token::Text(content)
    }

    /// A character or a lifetime: neither says anything to a rule.
    fn quote(&mut self) {
        self.take();
        if self.peek(0) == Some('\\') {
            self.take();
            self.take();
            self.take_while(|char| char != '\'');
            self.take();
        } else if self.peek(1) == Some('\'') {
            self.take();
            self.take();
        } else {
            self.take_while(|char| char.is_alphanumeric() || char == '_');
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(next) = self.take() {
            match (next, self.peek(0)) {
                ('/', Some('*')) => {
                    self.take();
                    depth += 1;
                }
                ('*', Some('/')) => {
                    self.take();
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}
