//! Who plays in the demo, and what happens to them.

use billing::access::Role;

/// Whoever opens the demo is signed in as this person.
pub const OWNER_EMAIL: &str = "robin@northwind-media.example";
/// The password of everybody in the demo.
pub const PASSWORD: &str = "northwind-demo-2026";

/// An agency of the demo.
#[derive(Clone, Debug)]
pub(super) struct AgencyPart {
    pub(super) name: &'static str,
    pub(super) owner: (&'static str, &'static str),
    pub(super) people: Vec<PersonPart>,
    /// On its balance when the story begins, in whole units.
    pub(super) opening_units: i64,
    pub(super) accounts: Vec<AccountPart>,
}

/// Somebody beside the owner.
#[derive(Clone, Debug)]
pub(super) struct PersonPart {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) role: Role,
    /// The external ids of what a client user sees.
    pub(super) accounts: &'static [&'static str],
}

/// A client.
#[derive(Clone, Debug)]
pub(super) struct AccountPart {
    pub(super) name: &'static str,
    pub(super) external_id: &'static str,
    pub(super) email: &'static str,
    /// Usage of a working day, in cents.
    pub(super) daily_cents: i64,
    pub(super) story: Story,
}

/// What happens to a client's funding. Days and hours are counted back from the day of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    /// The agency has always paid, and nobody was asked.
    Agency,
    /// The customer took over and keeps the balance filled with `top_up` units.
    Customer { day: i64, start: i64, top_up: i64, card: &'static str },
    /// The customer took over and has not added funds since.
    Forgotten { day: i64, start: i64, card: &'static str },
    /// The customer took over and the agency took billing back.
    Returned { day: i64, start: i64, back: i64, refund: bool },
    /// A request is out.
    Requested { hours: i64, opened: Option<i64>, start: i64 },
    /// A request ended without payment.
    Revoked { day: i64 },
    /// A request ended without payment.
    Expired { day: i64 },
    /// A request is out and the customer's card was just declined.
    Declined,
    /// The customer is asked to authenticate right now.
    Authenticating,
    /// The agency takes billing back while a payment is in flight.
    Returning { day: i64, start: i64 },
}

const VISA: &str = "pm_card_visa";
const MASTERCARD: &str = "pm_card_mastercard";
const AMEX: &str = "pm_card_amex";

fn person(
    name: &'static str,
    email: &'static str,
    role: Role,
    accounts: &'static [&'static str],
) -> PersonPart {
    PersonPart { name, email, role, accounts }
}

fn account(
    name: &'static str,
    external_id: &'static str,
    email: &'static str,
    daily_cents: i64,
    story: Story,
) -> AccountPart {
    AccountPart { name, external_id, email, daily_cents, story }
}

pub(super) fn agencies() -> Vec<AgencyPart> {
    vec![northwind(), harbor_lane()]
}

fn northwind() -> AgencyPart {
    use Story::{
        Agency, Authenticating, Customer, Declined, Expired, Forgotten, Requested, Returned,
        Returning, Revoked,
    };
    AgencyPart {
        name: "Northwind Media",
        owner: ("Robin Hale", OWNER_EMAIL),
        people: vec![
            person("Imke Vos", "imke@northwind-media.example", Role::Owner, &[]),
            person("Mara Quist", "mara@northwind-media.example", Role::BillingManager, &[]),
            person("Theo Brandt", "theo@northwind-media.example", Role::Viewer, &[]),
            person(
                "Amelia Finch",
                "amelia.finch@calderfinch.example",
                Role::Client,
                &["CF-2210", "AD-1042"],
            ),
        ],
        opening_units: 4_200,
        accounts: vec![
            account("Alder Dental Group", "AD-1042", "office@alder-dental.example", 412, Agency),
            account("Aspen & Ivy Florists", "AI-0233", "maya@aspen-ivy.example", 96, Agency),
            account(
                "Bayside Orthopedics",
                "BO-1187",
                "j.ortiz@bayside-ortho.example",
                735,
                Customer { day: 61, start: 250, top_up: 250, card: VISA },
            ),
            account("Bluebird Daycare", "BD-0519", "hello@bluebird-daycare.example", 58, Agency),
            account(
                "Brightwater Plumbing",
                "BW-0077",
                "dana@brightwater.example",
                306,
                Requested { hours: 47, opened: Some(2), start: 100 },
            ),
            account(
                "Calder & Finch Law",
                "CF-2210",
                "amelia.finch@calderfinch.example",
                264,
                Customer { day: 44, start: 100, top_up: 100, card: VISA },
            ),
            account("Cedar Creek Roofing", "CC-0812", "tom@cedarcreekroofing.example", 218, Agency),
            account("Copper Kettle Bistro", "CK-0145", "lena@copperkettle.example", 74, Agency),
            account("Crestline Realty", "CR-0664", "sales@crestline-realty.example", 523, Agency),
            account("Dune Fitness", "DF-0931", "marco@dunefitness.example", 187, Declined),
            account(
                "Eastgate Auto Repair",
                "EA-0308",
                "frank@eastgate-auto.example",
                152,
                Customer { day: 33, start: 50, top_up: 50, card: MASTERCARD },
            ),
            account("Elm Street Optometry", "ES-0590", "desk@elmstreet-eyes.example", 129, Agency),
            account(
                "Everly Veterinary",
                "EV-0410",
                "nora@everlyvet.example",
                300,
                Forgotten { day: 46, start: 100, card: VISA },
            ),
            account("Fairhaven Storage", "FS-0721", "ops@fairhaven-storage.example", 88, Agency),
            account(
                "Fern Hollow Landscaping",
                "FH-0266",
                "ines@fernhollow.example",
                171,
                Returned { day: 71, start: 150, back: 26, refund: false },
            ),
            account("Glasswing Windows", "GW-0954", "peter@glasswing.example", 334, Agency),
            account(
                "Granite Peak Insurance",
                "GP-1301",
                "carla@granitepeak.example",
                617,
                Customer { day: 52, start: 500, top_up: 300, card: AMEX },
            ),
            account("Greenline Pest Control", "GL-0478", "ray@greenline-pest.example", 205, Agency),
            account("Harborview Hotel", "HH-0037", "frontdesk@harborview.example", 481, Agency),
            account(
                "Hawthorne Piano Studio",
                "HP-0689",
                "clara@hawthorne-piano.example",
                41,
                Agency,
            ),
            account(
                "Ironwood Construction",
                "IW-1120",
                "bids@ironwood.example",
                392,
                Authenticating,
            ),
            account(
                "Juniper Skin Clinic",
                "JS-0826",
                "anna@juniperskin.example",
                276,
                Customer { day: 19, start: 100, top_up: 100, card: VISA },
            ),
            account(
                "Kestrel Couriers",
                "KC-0352",
                "dispatch@kestrel-couriers.example",
                447,
                Agency,
            ),
            account(
                "Lakeshore Dentistry",
                "LD-0915",
                "sam@lakeshoredental.example",
                359,
                Requested { hours: 20, opened: None, start: 150 },
            ),
            account(
                "Larkspur Senior Living",
                "LS-1044",
                "admin@larkspur-living.example",
                288,
                Agency,
            ),
            account("Maple & Main Bakery", "MM-0183", "bread@maplemain.example", 63, Agency),
            account(
                "Meridian Tax Advisors",
                "MT-0607",
                "gail@meridian-tax.example",
                231,
                Customer { day: 80, start: 100, top_up: 150, card: VISA },
            ),
            account(
                "Mill Pond Cabins",
                "MP-0294",
                "stay@millpond-cabins.example",
                118,
                Revoked { day: 9 },
            ),
            account("North Fork Brewing", "NF-0773", "joel@northfork-brew.example", 94, Agency),
            account("Oakridge Pediatrics", "OP-1215", "billing@oakridge-peds.example", 405, Agency),
            account(
                "Old Town Locksmith",
                "OT-0061",
                "vic@oldtownlock.example",
                287,
                Forgotten { day: 30, start: 75, card: MASTERCARD },
            ),
            account(
                "Orchard Lane Events",
                "OL-0538",
                "tessa@orchardlane.example",
                139,
                Expired { day: 12 },
            ),
            account(
                "Pinecrest Campground",
                "PC-0346",
                "rangers@pinecrest-camp.example",
                77,
                Agency,
            ),
            account(
                "Quill & Stone Architects",
                "QS-0862",
                "office@quillstone.example",
                148,
                Agency,
            ),
            account(
                "Redwood Chiropractic",
                "RC-0427",
                "lee@redwoodchiro.example",
                192,
                Customer { day: 27, start: 75, top_up: 75, card: VISA },
            ),
            account(
                "Riverbend Movers",
                "RM-1098",
                "katya@riverbend-movers.example",
                371,
                Requested { hours: 160, opened: Some(140), start: 100 },
            ),
            account("Saltbox Seafood", "SS-0219", "catch@saltbox-seafood.example", 83, Agency),
            account(
                "Silver Birch Spa",
                "SB-0704",
                "mia@silverbirch-spa.example",
                156,
                Returned { day: 58, start: 200, back: 15, refund: true },
            ),
            account(
                "Summit HVAC",
                "SH-0385",
                "jen@summit-hvac.example",
                508,
                Returning { day: 36, start: 300 },
            ),
            account(
                "Tidewater Legal Aid",
                "TL-0951",
                "intake@tidewater-legal.example",
                214,
                Agency,
            ),
            account(
                "Union Square Tutoring",
                "US-0476",
                "owen@unionsquare-tutors.example",
                67,
                Agency,
            ),
            account("Willow & Co. Interiors", "WI-0630", "studio@willowco.example", 109, Agency),
        ],
    }
}

fn harbor_lane() -> AgencyPart {
    use Story::{Agency, Customer, Requested};
    AgencyPart {
        name: "Harbor Lane Digital",
        owner: ("Sasha Lind", "sasha@harbor-lane.example"),
        people: vec![person("Noa Peralta", "noa@harbor-lane.example", Role::Viewer, &[])],
        opening_units: 1_800,
        accounts: vec![
            account("Beacon Hill Books", "B-01", "iris@beaconhillbooks.example", 72, Agency),
            account(
                "Driftwood Surf School",
                "B-02",
                "kai@driftwood-surf.example",
                133,
                Customer { day: 40, start: 100, top_up: 100, card: VISA },
            ),
            account("Kiln & Clay Studio", "B-03", "ada@kilnclay.example", 45, Agency),
            account(
                "Lighthouse Tours",
                "B-04",
                "captain@lighthouse-tours.example",
                165,
                Requested { hours: 30, opened: Some(28), start: 50 },
            ),
            account("Sandpiper Rentals", "B-05", "mel@sandpiper-rentals.example", 204, Agency),
        ],
    }
}
