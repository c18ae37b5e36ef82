//! Which events are known: a duplicate draws once, for ever, however many there are.
//!
//! A B-tree of random identities is what slows a database down as it grows. So identities are kept as a log-structured index:
//! the newest in memory, with their event's number; older ones in segments of consecutive events, sorted and packed into pages
//! of the database that are written once. A filter of 12 bits per identity and segment, in memory, says "certainly not" for
//! nearly every new event; only a "maybe" asks the segment's page, which knows exactly. Memory of an agency: 1.5 bytes per
//! event, and at most 32 MiB for the newest. All of it is made anew from the database when a server starts, or learns that
//! another server has added events.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use billing::usage::event_key;

use crate::storage::{
    Result, Scope, StorageError, Transaction,
    usage::{EventKey, IndexPage, MeteringHead},
};

/// Events of one segment.
pub const SEGMENT_EVENTS: u64 = 1 << 19;
/// Identities on one page: some 3 KiB.
const PAGE_ENTRIES: usize = 128;
/// An identity and its event's number.
const ENTRY_BYTES: usize = 16 + 8;
/// Events read at once when catching up.
const CATCH_UP: u32 = 10_000;
/// Bits per identity: a new event is taken for an old one by about one filter in 200.
const BITS_PER_KEY: usize = 12;
/// Bits set per identity.
const PROBES: u32 = 6;
/// Bits of one block, a cache line: an identity's bits lie all in one.
const BLOCK_BITS: usize = 512;

/// Identities are fingerprints already: any eight bytes are as good as a hash.
#[derive(Default)]
pub struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // The length of an array is written before it; the fingerprint comes last.
        if let Some(eight) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*eight);
        }
    }

    fn write_usize(&mut self, _: usize) {}
}

/// Identities with their event's number.
pub type Keys = HashMap<EventKey, u64, BuildHasherDefault<Fingerprint>>;

/// What is known of one agency's events.
#[derive(Default)]
pub struct Known {
    /// Those that are in no segment yet.
    newest: Keys,
    /// One per segment.
    filters: Vec<Filter>,
    /// How many events there are, as far as this server knows.
    events: u64,
}

/// A segment to be written.
pub struct Sealed {
    /// Which.
    pub segment: u64,
    /// Its pages.
    pub pages: Vec<IndexPage>,
    /// The number of its last event.
    pub last: u64,
    filter: Filter,
}

impl Known {
    /// Reads what other servers, or this one in an earlier life, have added.
    pub fn catch_up(
        &mut self,
        tx: &mut dyn Transaction,
        scope: Scope,
        head: &MeteringHead,
        segment_events: u64,
    ) -> Result<()> {
        if self.events > head.events {
            // Another database than the one remembered.
            *self = Self::default();
        }
        let segments = usize::try_from(head.indexed / segment_events.max(1)).unwrap_or(usize::MAX);
        if self.filters.len() > segments {
            *self = Self::default();
        }
        while self.filters.len() < segments {
            let segment = self.filters.len() as u64;
            let pages = tx.index_segment(scope, segment)?;
            let keys = pages.iter().flat_map(|page| page.entries.chunks_exact(ENTRY_BYTES));
            let mut filter = Filter::for_keys(usize::try_from(segment_events).unwrap_or(0));
            for entry in keys {
                if let Some(key) = entry.first_chunk() {
                    filter.insert(key);
                }
            }
            self.filters.push(filter);
            self.newest.retain(|_, number| *number > head.indexed);
        }
        let mut next = self.events.max(head.indexed) + 1;
        while next <= head.events {
            let rows = tx.events_from(scope, next, CATCH_UP)?;
            let last = rows.last().map(|row| row.number);
            for row in rows {
                self.newest.insert(event_key(&row.source, &row.id), row.number);
            }
            match last {
                Some(last) => next = last + 1,
                None => return Err(StorageError::Damaged("events are missing".to_owned())),
            }
        }
        self.events = head.events;
        Ok(())
    }

    /// The number of the event with this identity.
    pub fn find(
        &self,
        tx: &mut dyn Transaction,
        scope: Scope,
        key: &EventKey,
    ) -> Result<Option<u64>> {
        if let Some(number) = self.newest.get(key) {
            return Ok(Some(*number));
        }
        for (segment, filter) in self.filters.iter().enumerate() {
            if filter.may_contain(key)
                && let Some(page) = tx.index_page(scope, segment as u64, key)?
                && let Some(number) = on_page(&page, key)?
            {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The next segment, once its events are there; `added` are those of the transaction under way.
    pub fn seal(
        &self,
        head: &MeteringHead,
        added: &[(EventKey, u64)],
        size: u64,
    ) -> Option<Sealed> {
        let last = head.indexed + size;
        if head.events < last {
            return None;
        }
        let newest = self.newest.iter().map(|(key, number)| (*key, *number));
        let mut entries: Vec<_> =
            newest.chain(added.iter().copied()).filter(|(_, number)| *number <= last).collect();
        entries.sort_unstable();
        let mut filter = Filter::for_keys(entries.len());
        for (key, _) in &entries {
            filter.insert(key);
        }
        let pages = entries.chunks(PAGE_ENTRIES).filter_map(page).collect();
        Some(Sealed { segment: head.indexed / size, pages, last, filter })
    }

    /// Remembers what a transaction that is durable has added.
    pub fn keep(&mut self, added: Vec<(EventKey, u64)>, sealed: Vec<Sealed>) {
        self.events += added.len() as u64;
        self.newest.extend(added);
        for sealed in sealed {
            self.newest.retain(|_, number| *number > sealed.last);
            self.filters.push(sealed.filter);
        }
    }
}

fn page(entries: &[(EventKey, u64)]) -> Option<IndexPage> {
    let (first, _) = entries.first()?;
    let mut bytes = Vec::with_capacity(entries.len() * ENTRY_BYTES);
    for (key, number) in entries {
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    Some(IndexPage { first: *first, entries: bytes })
}

/// What stands on a page; nothing of a page that is damaged.
pub fn entries(page: &IndexPage) -> Vec<(EventKey, u64)> {
    let entry = |bytes: &[u8; ENTRY_BYTES]| {
        let (key, number) = (bytes.first_chunk().copied(), bytes.last_chunk().copied());
        (key.unwrap_or_default(), u64::from_be_bytes(number.unwrap_or_default()))
    };
    let (entries, rest) = page.entries.as_chunks();
    if rest.is_empty() { entries.iter().map(entry).collect() } else { Vec::new() }
}

fn on_page(page: &IndexPage, key: &EventKey) -> Result<Option<u64>> {
    let (entries, rest) = page.entries.as_chunks::<ENTRY_BYTES>();
    if !rest.is_empty() {
        return Err(StorageError::Damaged("a page of the index of events".to_owned()));
    }
    let found = entries.binary_search_by(|entry| entry[..16].cmp(key));
    Ok(found.ok().and_then(|place| entries[place].last_chunk()).map(|n| u64::from_be_bytes(*n)))
}

/// A blocked Bloom filter (Putze, Sanders, Singler 2007): "certainly not" or "maybe", at one cache miss.
struct Filter {
    blocks: Vec<[u64; BLOCK_BITS / 64]>,
}

impl Filter {
    fn for_keys(keys: usize) -> Self {
        let blocks = (keys * BITS_PER_KEY).div_ceil(BLOCK_BITS).max(1);
        Self { blocks: vec![[0; BLOCK_BITS / 64]; blocks] }
    }

    fn insert(&mut self, key: &EventKey) {
        let (block, bits) = self.place(key);
        for (word, mask) in probes(bits) {
            self.blocks[block][word] |= mask;
        }
    }

    fn may_contain(&self, key: &EventKey) -> bool {
        let (block, bits) = self.place(key);
        probes(bits).all(|(word, mask)| self.blocks[block][word] & mask != 0)
    }

    /// The block, from one half of the fingerprint, and what the bits in it are taken from: the other half.
    fn place(&self, key: &EventKey) -> (usize, u64) {
        let whole = u128::from_be_bytes(*key);
        let (high, low) = ((whole >> 64) as u64, whole as u64);
        let block = (u128::from(high) * self.blocks.len() as u128) >> 64;
        (usize::try_from(block).unwrap_or(0), low)
    }
}

/// Nine bits of chance for each bit of the block.
fn probes(bits: u64) -> impl Iterator<Item = (usize, u64)> {
    (0..PROBES).map(move |probe| {
        let bit = (bits >> (9 * probe)) & 511;
        (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(count: u64, of: &str) -> Vec<EventKey> {
        (0..count).map(|number| event_key(of, &number.to_string())).collect()
    }

    #[test]
    fn a_filter_forgets_nothing_and_is_seldom_wrong() {
        let (inside, outside) = (keys(100_000, "in"), keys(100_000, "out"));
        let mut filter = Filter::for_keys(inside.len());
        for key in &inside {
            filter.insert(key);
        }
        assert!(inside.iter().all(|key| filter.may_contain(key)));
        let wrong = outside.iter().filter(|key| filter.may_contain(key)).count();
        assert!(wrong < 1_000, "{wrong} of 100,000 were taken for known");
    }

    #[test]
    fn a_segment_finds_each_of_its_identities_on_its_page() {
        let mut known = Known::default();
        let added: Vec<_> = keys(1_000, "x").into_iter().zip(1..).collect();
        known.keep(added.clone(), Vec::new());
        let head = MeteringHead { events: 1_000, ..MeteringHead::default() };
        assert!(known.seal(&head, &[], 1_001).is_none());
        let sealed = known.seal(&head, &[], 900).unwrap();
        assert_eq!((sealed.segment, sealed.last, sealed.pages.len()), (0, 900, 8));
        for (key, number) in &added[..900] {
            let page = sealed.pages.iter().rev().find(|page| page.first <= *key).unwrap();
            assert_eq!(on_page(page, key).unwrap(), Some(*number));
        }
        known.keep(Vec::new(), vec![sealed]);
        assert_eq!(known.newest.len(), 100);
    }
}
