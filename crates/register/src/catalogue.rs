//! All registers together, with what one says of another.

use policy::source::{Fault, Faults, Source};

use crate::definition::{Carried, Effect, Need, Register};
use crate::load::Names;

/// The register that takes content down.
const REMOVAL: &str = "removal";

/// The registers of an installation.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    registers: Vec<Register>,
    mechanisms: Vec<String>,
}

impl Catalogue {
    /// Loads registers, all or nothing. Of two with one name the later counts.
    ///
    /// # Errors
    /// Every fault of every file at once.
    pub fn load(sources: &[Source<'_>], names: &Names<'_>) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let mut registers: Vec<(Register, Source<'_>)> = Vec::new();
        for source in sources {
            match Register::load(*source, names) {
                Ok(register) => {
                    registers.retain(|(known, _)| known.id != register.id);
                    registers.push((register, *source));
                }
                Err(found) => faults.extend(found.0),
            }
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        for (register, source) in &registers {
            let among = registers.iter().map(|(register, _)| register);
            let among: Vec<&Register> = among.collect();
            faults.extend(misnamed(register, &among).into_iter().map(|what| Fault {
                file: source.name.to_owned(),
                line: 1,
                column: 1,
                what,
                nearest: None,
            }));
        }
        let mut registers: Vec<Register> = registers
            .into_iter()
            .map(|(register, _)| register)
            .collect();
        registers.sort_by(|a, b| a.id.cmp(&b.id));
        let mechanisms = registers
            .iter()
            .map(|register| format!("register:{}", register.id));
        let mechanisms = mechanisms.collect();
        if faults.is_empty() {
            Ok(Self {
                registers,
                mechanisms,
            })
        } else {
            Err(Faults(faults))
        }
    }

    /// The registers, by name.
    #[must_use]
    pub fn registers(&self) -> &[Register] {
        &self.registers
    }

    /// A register by name.
    #[must_use]
    pub fn register(&self, id: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.id == id)
    }

    /// The mechanisms that the registers are, as policies name them: `register:declaration`.
    #[must_use]
    pub fn mechanisms(&self) -> &[String] {
        &self.mechanisms
    }

    /// What carries clauses out, as the policies name it: `register:declaration`, with each clause's reference.
    pub fn carried_out(&self) -> impl Iterator<Item = (String, &str, &str)> {
        self.registers.iter().flat_map(|register| {
            let clauses = register.carried_out();
            clauses.map(|c| {
                (
                    format!("register:{}", register.id),
                    c.policy.as_str(),
                    c.clause.as_str(),
                )
            })
        })
    }
}

/// What a register says of others that is not so.
fn misnamed(register: &Register, among: &[&Register]) -> Vec<String> {
    let mut faults = Vec::new();
    let twin =
        |other: &&&Register| other.reference == register.reference && other.id != register.id;
    if let Some(twin) = among.iter().find(twin) {
        faults.push(format!(
            "'{}' has the reference '{}' too.",
            twin.id, twin.reference
        ));
    }
    let steps = register.steps.iter();
    for effect in register
        .effects
        .iter()
        .chain(steps.clone().flat_map(|s| &s.effects))
    {
        match effect {
            Effect::Open {
                register: id,
                carry,
            }
            | Effect::Check {
                register: id,
                carry,
                ..
            } => {
                faults.extend(carried_wrongly(id, carry, among));
            }
            Effect::TakeDown { .. } => {
                let address = Carried {
                    to: "address".into(),
                    from: String::new(),
                };
                faults.extend(carried_wrongly(REMOVAL, &[address], among));
            }
            _ => {}
        }
    }
    for need in steps.flat_map(|s| &s.needs) {
        if let Need::Linked {
            register: id,
            states,
            ..
        } = need
        {
            match among.iter().find(|r| r.id == *id) {
                None => faults.push(format!("there is no register '{id}' to be linked with.")),
                Some(other) => {
                    let unknown = states.iter().filter(|state| other.state(state).is_none());
                    faults.extend(
                        unknown.map(|state| format!("the register '{id}' has no state '{state}'.")),
                    );
                }
            }
        }
    }
    faults
}

fn carried_wrongly(id: &str, carry: &[Carried], among: &[&Register]) -> Vec<String> {
    let Some(other) = among.iter().find(|r| r.id == id) else {
        return vec![format!("there is no register '{id}' to open a case in.")];
    };
    let unknown = carry
        .iter()
        .filter(|c| !other.fields.iter().any(|f| f.id == c.to));
    unknown
        .map(|c| {
            format!(
                "the register '{id}' asks no field '{}' when it is opened.",
                c.to
            )
        })
        .collect()
}
