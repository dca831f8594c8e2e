//! The way to a provider and back: what is asked, and what is believed.

use data_encoding::BASE64URL_NOPAD as BASE64;
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
};
use sha2::{Digest as _, Sha256};

use super::claims::Claims;
use super::record::Provider;
use crate::outbound::Outbound;

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
/// This site at a provider, which reads every claim of an ID token. The parameters say which
/// addresses of the provider are known: for asking, devices, introspection, revocation, tokens and
/// what it knows of people.
type ThisSite<A, D, I, R, T, U> = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    A,
    D,
    I,
    R,
    T,
    U,
>;

/// How ID tokens may be signed, whatever a provider offers: with a key that it alone has. A
/// signature with the client's secret would be worth no more than that secret.
const SIGNED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What a provider said that is not believed, or that it did not say.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub(super) struct FlowError {
    what: &'static str,
    why: String,
}

fn because<E: std::error::Error>(what: &'static str) -> impl FnOnce(E) -> FlowError {
    move |error| {
        let mut why = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            why = format!("{why}: {inner}");
            cause = inner.source();
        }
        FlowError { what, why }
    }
}

/// The secrets of one trip, all made from the one that the browser keeps.
pub(super) struct Secrets<'a>(pub(super) &'a str);

impl Secrets<'_> {
    fn made(&self, purpose: &str) -> String {
        BASE64.encode(&Sha256::digest(format!("{purpose}\n{}", self.0).as_bytes()))
    }

    /// Ties the answer to the request.
    pub(super) fn state(&self) -> String {
        self.made("state")
    }

    fn nonce(&self) -> Nonce {
        Nonce::new(self.made("nonce"))
    }

    fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.made("pkce"))
    }
}

async fn discover(provider: &Provider) -> Result<CoreProviderMetadata, FlowError> {
    let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(because("the issuer"))?;
    let outbound = Outbound::to_provider(provider.private_network);
    let http = |request| outbound.clone().send(request);
    // That the document names this very issuer is checked there.
    let discovered = CoreProviderMetadata::discover_async(issuer, &http).await;
    discovered.map_err(because("the provider was not found"))
}

macro_rules! client {
    ($provider:expr, $metadata:expr, $back:expr) => {{
        let back = RedirectUrl::new($back).map_err(because("this site's address"))?;
        let secret = ClientSecret::new($provider.client_secret.to_string());
        let id = ClientId::new($provider.client_id.clone());
        ThisSite::from_provider_metadata($metadata, id, Some(secret)).set_redirect_uri(back)
    }};
}

/// Where to send the browser.
pub(super) async fn address(
    provider: &Provider,
    secrets: &Secrets<'_>,
    back: String,
    again: bool,
) -> Result<String, FlowError> {
    let metadata = discover(provider).await?;
    let client = client!(provider, metadata, back);
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&secrets.verifier());
    let (state, nonce) = (CsrfToken::new(secrets.state()), secrets.nonce());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || state,
            move || nonce,
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge);
    if again {
        // OpenID Connect Core 1.0, 3.1.2.1: they are to be asked, whatever they did before, and the time is to be said.
        request = request
            .add_prompt(CoreAuthPrompt::Login)
            .set_max_age(std::time::Duration::ZERO);
    }
    let (address, _, _) = request.url();
    Ok(address.to_string())
}

/// Who somebody is at a provider, and what else it says of them.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) subject: String,
    /// The e-mail address, where the provider's word for it counts.
    pub(super) email: Option<String>,
    /// When they showed the provider who they are, where it says so.
    pub(super) shown_at: Option<Timestamp>,
    pub(super) claims: Claims,
}

/// Exchanges the code for who came back. The signature, issuer, audience, nonce and time of the ID
/// token are checked.
pub(super) async fn claimed(
    provider: &Provider,
    secrets: &Secrets<'_>,
    back: String,
    code: String,
) -> Result<Claimed, FlowError> {
    let metadata = discover(provider).await?;
    let client = client!(provider, metadata, back);
    let outbound = Outbound::to_provider(provider.private_network);
    let http = |request| outbound.clone().send(request);
    let answer = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(because("the provider names no token endpoint"))?
        .set_pkce_verifier(secrets.verifier())
        .request_async(&http)
        .await
        .map_err(because("the code was not taken"))?;
    let token = answer.id_token().ok_or_else(|| FlowError {
        what: "no ID token",
        why: "the provider sent none".to_owned(),
    })?;
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNED);
    let claims = token
        .claims(&verifier, &secrets.nonce())
        .map_err(because("the ID token is not believed"))?;
    if let Some(expected) = claims.access_token_hash() {
        let wrong = because("the ID token is not believed");
        let algorithm = token.signing_alg().map_err(because("the ID token"))?;
        let key = token
            .signing_key(&verifier)
            .map_err(because("the ID token"))?;
        let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
        if actual.map_err(wrong)? != *expected {
            return Err(FlowError {
                what: "the ID token is not believed",
                why: "it belongs to another access token".to_owned(),
            });
        }
    }
    Ok(believed(provider, claims))
}

fn believed(provider: &Provider, claims: &IdTokenClaims<Claims, CoreGenderClaim>) -> Claimed {
    let counts = provider.trusts_email || claims.email_verified() == Some(true);
    let email = claims.email().filter(|_| counts);
    Claimed {
        subject: claims.subject().to_string(),
        email: email.map(|email| email.to_lowercase()),
        shown_at: claims
            .auth_time()
            .and_then(|at| Timestamp::from_second(at.timestamp()).ok()),
        claims: claims.additional_claims().clone(),
    }
}
