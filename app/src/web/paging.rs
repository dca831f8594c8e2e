//! Long lists, page by page.

use serde::Serialize;

/// How many entries one page of a list has.
pub const PAGE_SIZE: u32 = 50;

/// The pages of a list, as the pagination component takes them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Paging {
    /// The number of the first entry shown, from 1.
    pub first: u64,
    /// The number of the last entry shown.
    pub last: u64,
    /// How many there are.
    pub total: u64,
    /// Whether there are more than were counted.
    pub more: bool,
    /// Which page is shown, from 1.
    pub number: u64,
    previous: Link,
    next: Link,
    items: Vec<Item>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Link {
    href: String,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Item {
    number: u64,
    href: String,
    current: bool,
    ellipsis: bool,
}

/// How many entries are skipped before a page, which is counted from 1.
#[must_use]
pub fn skip(page: u32) -> u32 {
    page.saturating_sub(1).saturating_mul(PAGE_SIZE)
}

impl Paging {
    /// The pages of so many entries, of which one is shown; `address` is the path with its query,
    /// without the page.
    #[must_use]
    pub fn of(total: u64, page: u32, address: &str) -> Self {
        let size = u64::from(PAGE_SIZE);
        let pages = total.div_ceil(size).max(1);
        let page = u64::from(page).clamp(1, pages);
        let joint = if address.contains('?') { '&' } else { '?' };
        let href = |number: u64| format!("{address}{joint}page={number}");
        let mut items = Vec::new();
        if pages > 1 {
            for number in 1..=pages {
                let near = number == 1 || number == pages || number.abs_diff(page) <= 1;
                if near {
                    items.push(Item {
                        number,
                        href: href(number),
                        current: number == page,
                        ellipsis: false,
                    });
                } else if items.last().is_some_and(|last| !last.ellipsis) {
                    items.push(Item {
                        ellipsis: true,
                        ..Item::default()
                    });
                }
            }
        }
        let link = |there: bool, number: u64| Link {
            href: if there { href(number) } else { String::new() },
        };
        Self {
            first: (page - 1) * size + u64::from(total > 0),
            last: (page * size).min(total),
            total,
            more: false,
            number: page,
            previous: link(page > 1, page.saturating_sub(1)),
            next: link(page < pages, page + 1),
            items,
        }
    }

    /// With more entries than were counted, which no page shows.
    #[must_use]
    pub fn more(self, more: bool) -> Self {
        Self { more, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn far_pages_are_left_out_and_the_edges_are_told() {
        let paging = Paging::of(1_000, 10, "/people?q=a");
        let shown: Vec<_> = paging.items.iter().map(|item| item.number).collect();
        assert_eq!(shown, [1, 0, 9, 10, 11, 0, 20]);
        assert_eq!((paging.first, paging.last), (451, 500));
        assert_eq!(paging.next.href, "/people?q=a&page=11");
        let empty = Paging::of(0, 7, "/people");
        assert_eq!((empty.first, empty.last, empty.items.len()), (0, 0, 0));
        assert_eq!(empty.next.href, "");
        assert_eq!(Paging::of(51, 2, "/people").last, 51);
    }
}
