//! From a record whose values may be of any type to an environment, or to a scenario and an environment at once.

use alloc::vec::Vec;

use super::{ClientLibrary, ConcurrencyModel, CredentialSharing, Environment, OperatingSystem, TlsVersion, fields};
use crate::error::{Error, Given};
use crate::fields::Field;
use crate::scenario::{Case, Errors, Reader, Scenario};
use crate::value::Value;

const OPERATING_SYSTEMS: [OperatingSystem; 3] =
    [OperatingSystem::Linux, OperatingSystem::Macos, OperatingSystem::Windows];
const CLIENT_LIBRARIES: [ClientLibrary; 10] = [
    ClientLibrary::Requests,
    ClientLibrary::Aiohttp,
    ClientLibrary::Httpx,
    ClientLibrary::Scrapy,
    ClientLibrary::Undici,
    ClientLibrary::NodeFetch,
    ClientLibrary::Go,
    ClientLibrary::Reqwest,
    ClientLibrary::Curl,
    ClientLibrary::Playwright,
];
const CONCURRENCY_MODELS: [ConcurrencyModel; 3] =
    [ConcurrencyModel::Threads, ConcurrencyModel::EventLoop, ConcurrencyModel::Processes];
const TLS_VERSIONS: [TlsVersion; 2] = [TlsVersion::Tls12, TlsVersion::Tls13];
const CREDENTIAL_SHARINGS: [CredentialSharing; 2] = [CredentialSharing::Multiplied, CredentialSharing::Split];

/// Reads one flat record into the two that it is made of, by the names of the fields.
///
/// # Errors
/// Every field whose value is of a wrong type or outside its limits, names that are a field of neither, and combinations
/// that say too little or too much.
pub fn read(value: &Value) -> Result<(Scenario, Environment), Errors> {
    let mut reader = Reader::new(value)?;
    let (scenario, environment) = (Scenario::fill(&mut reader), Environment::fill(&mut reader));
    let known = || crate::fields::FIELDS.iter().chain(fields::FIELDS);
    reader.finish(known, |errors| {
        scenario.check_fields(errors);
        environment.check_fields(errors);
    })?;
    checked(&scenario, &environment)?;
    Ok((scenario, environment))
}

/// Both, checked: what the formulas take.
pub(crate) fn checked(scenario: &Scenario, environment: &Environment) -> Result<Case, Errors> {
    let mut errors = Vec::new();
    scenario.check_fields(&mut errors);
    environment.check_fields(&mut errors);
    Errors::none_of(errors)?;
    let case = scenario.case()?;
    if let (CredentialSharing::Split, Some(cap)) = (environment.credential_sharing, case.plan_cap(scenario)) {
        if environment.credentials > f64::from(cap) {
            let words = "is more than the plan's cap, which leaves some of them nothing where they share it";
            return Err(fields::CREDENTIALS.tell(Given::Number(environment.credentials), words).into());
        }
    }
    Ok(case)
}

impl Environment {
    /// Reads a record of an environment's fields alone, whose values may be of any type.
    ///
    /// # Errors
    /// Every field whose value is of a wrong type or outside its limits, and unknown fields.
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let mut reader = Reader::new(value)?;
        let environment = Self::fill(&mut reader);
        reader.finish(|| fields::FIELDS.iter(), |errors| environment.check_fields(errors))?;
        Ok(environment)
    }

    /// Every field that can be read; what cannot be is in the reader's refusals.
    fn fill(r: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            operating_system: r
                .choice(&fields::OPERATING_SYSTEM, &OPERATING_SYSTEMS)
                .unwrap_or(default.operating_system),
            file_descriptors: r.number(&fields::FILE_DESCRIPTORS),
            ephemeral_ports: r.number(&fields::EPHEMERAL_PORTS),
            time_wait: r.number(&fields::TIME_WAIT),
            tracked_connections: r.number(&fields::TRACKED_CONNECTIONS),
            proxy_endpoints: r.number(&fields::PROXY_ENDPOINTS).unwrap_or(default.proxy_endpoints),
            client_library: r.choice(&fields::CLIENT_LIBRARY, &CLIENT_LIBRARIES).unwrap_or(default.client_library),
            client_limit: r.number(&fields::CLIENT_LIMIT),
            concurrency_model: r.choice(&fields::CONCURRENCY_MODEL, &CONCURRENCY_MODELS),
            memory: r.number(&fields::MEMORY),
            destination_limit: r.number(&fields::DESTINATION_LIMIT),
            response_size: r.number(&fields::RESPONSE_SIZE).unwrap_or(default.response_size),
            bandwidth: r.number(&fields::BANDWIDTH),
            proxy_round_trip: r.number(&fields::PROXY_ROUND_TRIP).unwrap_or(default.proxy_round_trip),
            origin_round_trip: r.number(&fields::ORIGIN_ROUND_TRIP).unwrap_or(default.origin_round_trip),
            tls_version: r.choice(&fields::TLS_VERSION, &TLS_VERSIONS).unwrap_or(default.tls_version),
            proxy_idle_timeout: r.number(&fields::PROXY_IDLE_TIMEOUT).unwrap_or(default.proxy_idle_timeout),
            requests_per_ip: r.number(&fields::REQUESTS_PER_IP),
            credentials: r.number(&fields::CREDENTIALS).unwrap_or(default.credentials),
            credential_sharing: r
                .choice(&fields::CREDENTIAL_SHARING, &CREDENTIAL_SHARINGS)
                .unwrap_or(default.credential_sharing),
            reduced_after_traffic: r.number(&fields::REDUCED_AFTER_TRAFFIC),
        }
    }

    /// The fields that hold a number, with what they hold.
    fn numbers(&self) -> [(&'static Field, Option<f64>); 16] {
        [
            (&fields::FILE_DESCRIPTORS, self.file_descriptors),
            (&fields::EPHEMERAL_PORTS, self.ephemeral_ports),
            (&fields::TIME_WAIT, self.time_wait),
            (&fields::TRACKED_CONNECTIONS, self.tracked_connections),
            (&fields::PROXY_ENDPOINTS, Some(self.proxy_endpoints)),
            (&fields::CLIENT_LIMIT, self.client_limit),
            (&fields::MEMORY, self.memory),
            (&fields::DESTINATION_LIMIT, self.destination_limit),
            (&fields::RESPONSE_SIZE, Some(self.response_size)),
            (&fields::BANDWIDTH, self.bandwidth),
            (&fields::PROXY_ROUND_TRIP, Some(self.proxy_round_trip)),
            (&fields::ORIGIN_ROUND_TRIP, Some(self.origin_round_trip)),
            (&fields::PROXY_IDLE_TIMEOUT, Some(self.proxy_idle_timeout)),
            (&fields::REQUESTS_PER_IP, self.requests_per_ip),
            (&fields::CREDENTIALS, Some(self.credentials)),
            (&fields::REDUCED_AFTER_TRAFFIC, self.reduced_after_traffic),
        ]
    }

    /// Each field by itself.
    fn check_fields(&self, errors: &mut Vec<Error>) {
        for (field, value) in self.numbers() {
            errors.extend(value.and_then(|x| field.check(x).err()));
        }
    }
}
