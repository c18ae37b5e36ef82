//! An endpoint for webhooks and a mail server, on sockets of their own: they answer as a cell says, and keep what they took.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

use super::{
    cells::{Answer, Cell},
    hold::Side,
};

/// What is to be answered, and what came.
#[derive(Debug)]
struct Book {
    answer: Answer,
    /// How often that is still answered; then all is well.
    times: u32,
    fired: u32,
    /// Where the next one to come is held.
    hold: Option<Side>,
    /// The ids of what was taken.
    taken: Vec<String>,
    /// Who gets no answer.
    held: Vec<TcpStream>,
}

/// A listener; it ends with this value.
#[derive(Debug)]
pub struct Sink {
    port: u16,
    book: Arc<Mutex<Book>>,
    reached: Arc<Notify>,
    listening: JoinHandle<()>,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Sink {
    /// One that speaks HTTP.
    pub async fn http(cell: Cell) -> Self {
        Self::start(cell, |stream, room| async move {
            let _gone = http(stream, &room).await;
        })
        .await
    }

    /// One that speaks SMTP.
    pub async fn smtp(cell: Cell) -> Self {
        Self::start(cell, |stream, room| async move {
            let _gone = smtp(stream, &room).await;
        })
        .await
    }

    async fn start<F: Future<Output = ()> + Send + 'static>(
        cell: Cell,
        talk: impl Fn(TcpStream, Room) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let times = match cell.answer {
            Answer::Ok => 0,
            Answer::Refused => u32::MAX,
            _ => 1,
        };
        let (taken, held) = (Vec::new(), Vec::new());
        let book = Book { answer: cell.answer, times, fired: 0, hold: None, taken, held };
        let (book, reached) = (Arc::new(Mutex::new(book)), Arc::new(Notify::new()));
        let room = Room { book: Arc::clone(&book), reached: Arc::clone(&reached) };
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, room.clone()));
            }
        });
        Self { port, book, reached, listening }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next one to come is held: before it is read, or when it has its effect and no answer yet.
    pub fn hold(&self, side: Side) {
        self.book.lock().unwrap().hold = Some(side);
    }

    /// Somebody is held.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// The cell's answer is still to come.
    pub fn is_armed(&self) -> bool {
        self.book.lock().unwrap().times > 0
    }

    pub fn fired(&self) -> u32 {
        self.book.lock().unwrap().fired
    }

    /// The ids of what was taken, in their order.
    pub fn taken(&self) -> Vec<String> {
        self.book.lock().unwrap().taken.clone()
    }
}

/// What a conversation knows.
#[derive(Clone)]
struct Room {
    book: Arc<Mutex<Book>>,
    reached: Arc<Notify>,
}

impl Room {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// Whoever comes is held here, if that is wanted.
    fn holds(&self, side: Side) -> bool {
        let holds = self.book().hold.take_if(|at| *at == side).is_some();
        if holds {
            self.reached.notify_one();
        }
        holds
    }

    /// What to answer to this; it is taken, unless the answer says otherwise.
    fn answer_to(&self, id: String) -> Answer {
        let mut book = self.book();
        let answer = if book.times == 0 { Answer::Ok } else { book.answer };
        if book.times > 0 {
            book.times -= 1;
            book.fired += 1;
        }
        if matches!(answer, Answer::Ok | Answer::LostWithEffect | Answer::FailedWithEffect) {
            book.taken.push(id);
        }
        answer
    }

    fn keep(&self, stream: TcpStream) {
        self.book().held.push(stream);
    }
}

async fn http(stream: TcpStream, room: &Room) -> std::io::Result<()> {
    if room.holds(Side::Before) {
        room.keep(stream);
        return Ok(());
    }
    let mut reader = BufReader::new(stream);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        match line.trim_end().split_once(": ") {
            Some(("webhook-id", value)) => id = value.to_owned(),
            Some(("content-length", value)) => length = value.parse().unwrap(),
            _ if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    reader.read_exact(&mut vec![0; length]).await?;
    let answer = room.answer_to(id);
    let mut stream = reader.into_inner();
    let status = match answer {
        Answer::Ok => "200 OK",
        Answer::Refused => "410 Gone",
        Answer::FailedWithEffect => "500 Internal Server Error",
        Answer::Conflict => "409 Conflict",
        Answer::RateLimited => "429 Too Many Requests\r\nretry-after: 7",
        Answer::LostWithEffect | Answer::LostWithoutEffect => "",
    };
    if room.holds(Side::After) || status.is_empty() {
        room.keep(stream);
        return Ok(());
    }
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.shutdown().await
}

async fn smtp(stream: TcpStream, room: &Room) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    reader.get_mut().write_all(b"220 sink\r\n").await?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let said: &[u8] = match verb.as_str() {
            "EHLO" => b"250-sink\r\n250 8BITMIME\r\n",
            "QUIT" => b"221 bye\r\n",
            "DATA" => {
                reader.get_mut().write_all(b"354 go on\r\n").await?;
                match room.answer_to(letter(&mut reader).await?) {
                    Answer::Ok => b"250 taken\r\n",
                    Answer::Refused => b"550 nobody wants it\r\n",
                    Answer::FailedWithEffect => b"451 something went wrong\r\n",
                    Answer::RateLimited | Answer::Conflict => b"450 not now\r\n",
                    Answer::LostWithEffect | Answer::LostWithoutEffect => {
                        room.keep(reader.into_inner());
                        return Ok(());
                    }
                }
            }
            _ => b"250 fine\r\n",
        };
        reader.get_mut().write_all(said).await?;
    }
}

/// A letter, read to its end; answers its Message-ID.
async fn letter(reader: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut id = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(id);
        }
        if let Some(value) = line.strip_prefix("Message-ID: ") {
            id = value.trim_end().to_owned();
        }
    }
}
