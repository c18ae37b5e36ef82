//! Markup as text, for tables that are only read: a view of its own for each kind of row would weigh as much as the pages.
//!
//! What is ours goes in as it stands and cannot hold a value; a value goes in as text and cannot hold markup.

/// Markup in the making.
#[derive(Default)]
pub struct Html {
    text: String,
    columns: &'static [(&'static str, &'static str)],
    column: usize,
}

impl Html {
    /// The markup.
    pub fn finish(self) -> String {
        self.text
    }

    /// Markup of our own.
    pub fn tag(&mut self, markup: &'static str) {
        self.text.push_str(markup);
    }

    /// A value, whatever is in it.
    pub fn value(&mut self, value: &str) {
        for character in value.chars() {
            match character {
                '&' => self.tag("&amp;"),
                '<' => self.tag("&lt;"),
                '"' => self.tag("&quot;"),
                other => self.text.push(other),
            }
        }
    }

    /// An element around a value; nothing when there is none. `open` ends where the value begins.
    pub fn around(&mut self, open: &'static str, value: &str, close: &'static str) {
        if !value.is_empty() {
            self.tag(open);
            self.value(value);
            self.tag(close);
        }
    }

    /// A link. `open` is its tag, up to the address: `<a href="`.
    pub fn link(&mut self, open: &'static str, href: &str, words: &str) {
        self.tag(open);
        self.value(href);
        self.around("\">", words, "</a>");
    }

    /// Begins a table: what it is, for those who can't see it; its columns and their classes. The first cell of a row names it.
    pub fn table(
        &mut self,
        caption: &'static str,
        columns: &'static [(&'static str, &'static str)],
    ) {
        self.columns = columns;
        self.column = 0;
        self.around("<table class=\"table sheet\"><caption class=unseen>", caption, "</caption>");
        self.tag("<thead><tr>");
        for (label, class) in columns {
            self.tag("<th scope=col class=\"");
            self.value(class);
            self.around("\">", label, "");
        }
        self.tag("</thead><tbody>");
    }

    /// The next cell: the fact, where it leads, what stands small under it, what somebody should notice about it.
    pub fn cell(&mut self, fact: &str, href: &str, small: &str, mark: &str) {
        let Some((label, class)) = self.columns.get(self.column) else { return };
        self.tag(if self.column == 0 { "<tr><th scope=row class=\"" } else { "<td class=\"" });
        self.value(class);
        // On narrow screens, where rows become cards, a cell names its column.
        self.around("\" data-label=\"", label, "\">");
        if href.is_empty() {
            self.value(fact);
        } else {
            self.link("<a href=\"", href, fact);
        }
        self.around("<small>", small, "</small>");
        self.around("<small class=\"state wait\">", mark, "</small>");
        self.column = (self.column + 1) % self.columns.len();
    }

    /// A cell with a fact alone.
    pub fn fact(&mut self, fact: &str) {
        self.cell(fact, "", "", "");
    }
}
