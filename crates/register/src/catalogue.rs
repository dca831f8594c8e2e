//! All registers together, with what one says of another.

use policy::source::{Faults, Source};

use crate::check;
use crate::definition::Register;
use crate::load::Names;

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
            if let Err(found) = check::against(*source, register, &among) {
                faults.extend(found.0);
            }
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
