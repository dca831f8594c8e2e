//! The kinds of finding: a closed list. What each means for a situation stands in `screening/kinds.toml`.

use serde::{Serialize, Serializer};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// What was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in data: `pupil-full-name`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

kinds! {
    /// A pupil's given and family name, in whatever order, spelling or disguise.
    PupilFullName = "pupil-full-name",
    /// Enough to tell which pupil: a family name with an initial, a given name with the class, year or team.
    PupilIdentified = "pupil-identified",
    /// A given name that pupils have, alone.
    PupilGivenName = "pupil-given-name",
    /// Which class, year or team it is.
    ClassRecognisable = "class-recognisable",
    /// A member of staff.
    StaffNamed = "staff-named",
    /// A picture that shows pupils.
    PupilPictured = "pupil-pictured",
    /// A picture that shows colleagues.
    ColleaguePictured = "colleague-pictured",
    /// A picture of staff taken at work.
    TakenAtWork = "taken-at-work",
    /// A telephone number that is not the school's.
    Telephone = "telephone",
    /// An e-mail address outside the school.
    Email = "email",
    /// A postal address or postcode that is not the school's.
    PostalAddress = "postal-address",
    /// A date of birth.
    BirthDate = "birth-date",
    /// Other private facts by which accounts are taken over: a birthplace, a first pet.
    OwnDetails = "own-details",
    /// One's own profile or another private way to be reached.
    OwnProfile = "own-profile",
    /// A unique pupil number.
    PupilNumber = "pupil-number",
    /// A password, a code, a log-in.
    Password = "password",
    /// The school, by name.
    SchoolNamed = "school-named",
    /// Where the writer works.
    EmployerShown = "employer-shown",
    /// The school's name in the account's name.
    SchoolInHandle = "school-in-handle",
    /// A line that the views are the writer's own.
    ViewsLine = "views-line",
    /// An opinion without such a line.
    ViewsLineMissing = "views-line-missing",
    /// Words as if for the school.
    SpeaksForSchool = "speaks-for-school",
    /// We and our where I and my are meant.
    WritesAsWe = "writes-as-we",
    /// Somebody else's words or pictures.
    OthersWork = "others-work",
    /// The author agreed.
    WorkAgreed = "work-agreed",
    /// The author is named.
    Credit = "credit",
    /// Somebody else's post, shared on.
    Reshared = "reshared",
    /// Against the school or the trust.
    CriticisesSchool = "criticises-school",
    /// Against a colleague or manager.
    CriticisesColleague = "criticises-colleague",
    /// Against pupils, parents or the community.
    CriticisesFamily = "criticises-family",
    /// A genuine grievance, aired.
    Grievance = "grievance",
    /// A quarrel.
    Argument = "argument",
    /// Mockery, name-calling.
    Insult = "insult",
    /// A threat, bullying, harassment.
    Threat = "threat",
    /// Somebody shut out.
    Exclusion = "exclusion",
    /// A slur, or a judgement by a protected ground.
    Discrimination = "discrimination",
    /// Sexual words.
    Sexual = "sexual",
    /// Swearing, drugs, and what is unsuitable in another way.
    Offensive = "offensive",
    /// Rumour, doctored pictures, what the writer says is not so.
    Untrue = "untrue",
    /// Posing as somebody else.
    Impersonation = "impersonation",
    /// Hiding behind a false name.
    Alias = "alias",
    /// What could harm the school's or the writer's name in another way.
    Damaging = "damaging",
    /// What was told in confidence; personal data.
    Confidential = "confidential",
    /// Results, inspections, money, jobs: business that is not out yet.
    SensitiveBusiness = "sensitive-business",
    /// Private matters on a school account.
    PersonalContent = "personal-content",
    /// Good news about the school.
    PositiveNews = "positive-news",
    /// A vacancy.
    Vacancy = "vacancy",
    /// A reference or recommendation for somebody.
    Reference = "reference",
    /// A link to another site.
    ExternalLink = "external-link",
    /// A link that hides where it leads.
    HiddenLink = "hidden-link",
    /// A link to what is unsafe or unsuitable.
    UnsafeLink = "unsafe-link",
    /// A private message, or an invitation to one.
    DirectMessage = "direct-message",
    /// The writer's own doubt.
    Doubt = "doubt",
}

impl Kind {
    /// The kind with a name of data.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id())
    }
}
