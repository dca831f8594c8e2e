//! XRPC over the carrier: what is asked and what comes back.

use std::error::Error as StdError;
use std::fmt;

use atrium_xrpc::types::AuthorizationToken;
use atrium_xrpc::{
    Error, HttpClient, InputDataOrBytes, OutputDataOrBytes, XrpcClient, XrpcRequest,
};
use http::{Method, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{Said, failure};
use crate::failure::Failure;
use crate::http::Http;

/// The codes with which a server turns a session or an app password away.
const REVOKED: [&str; 5] = [
    "ExpiredToken",
    "InvalidToken",
    "AuthMissing",
    "AuthenticationRequired",
    "AuthFactorTokenRequired",
];

/// A personal data server.
pub(super) struct Server<'a, H> {
    address: &'a str,
    http: &'a H,
    token: Option<String>,
}

/// What was not done, with the protocol's code where there was one.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) failure: Failure,
    pub(super) code: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}

impl StdError for Refusal {}

impl<H: Http> HttpClient for Server<'_, H> {
    /// Anything but a success is judged here, where headers are still at hand.
    async fn send_http(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn StdError + Send + Sync>> {
        let refused = |failure, code| -> Box<dyn StdError + Send + Sync> {
            Box::new(Refusal { failure, code })
        };
        let sent = self.http.send(request).await;
        let answer = sent.map_err(|none| refused(none.into(), String::new()))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let said = Said::of(&answer);
        Err(refused(failure(&answer, &said, &REVOKED), said.error))
    }
}

impl<H: Http> XrpcClient for Server<'_, H> {
    fn base_uri(&self) -> String {
        self.address.to_owned()
    }

    async fn authorization_token(&self, _is_refresh: bool) -> Option<AuthorizationToken> {
        self.token.clone().map(AuthorizationToken::Bearer)
    }
}

impl<'a, H: Http> Server<'a, H> {
    pub(super) fn new(address: &'a str, http: &'a H) -> Self {
        Self {
            address,
            http,
            token: None,
        }
    }

    pub(super) fn signed_in(self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }

    /// A query.
    pub(super) async fn get<P, O>(&self, method: &str, parameters: P) -> Result<O, Refusal>
    where
        P: Serialize + Send + Sync,
        O: DeserializeOwned + Send + Sync,
    {
        self.call(&XrpcRequest::<P, ()> {
            method: Method::GET,
            nsid: method.into(),
            parameters: Some(parameters),
            input: None,
            encoding: None,
        })
        .await
    }

    /// A procedure.
    pub(super) async fn post<I, O>(&self, method: &str, input: I) -> Result<O, Refusal>
    where
        I: Serialize + Send + Sync,
        O: DeserializeOwned + Send + Sync,
    {
        self.call(&XrpcRequest::<(), I> {
            method: Method::POST,
            nsid: method.into(),
            parameters: None,
            input: Some(InputDataOrBytes::Data(input)),
            encoding: Some("application/json".into()),
        })
        .await
    }

    /// A procedure that takes a file.
    pub(super) async fn upload<O>(
        &self,
        method: &str,
        file: &[u8],
        kind: &str,
    ) -> Result<O, Refusal>
    where
        O: DeserializeOwned + Send + Sync,
    {
        self.call(&XrpcRequest::<(), ()> {
            method: Method::POST,
            nsid: method.into(),
            parameters: None,
            input: Some(InputDataOrBytes::Bytes(file.to_owned())),
            encoding: Some(kind.to_owned()),
        })
        .await
    }

    async fn call<P, I, O>(&self, request: &XrpcRequest<P, I>) -> Result<O, Refusal>
    where
        P: Serialize + Send + Sync,
        I: Serialize + Send + Sync,
        O: DeserializeOwned + Send + Sync,
    {
        // What a server answers to success and cannot be read says nothing of what it did.
        let unreadable = |why: String| Refusal {
            failure: Failure::Unknown(format!("the answer cannot be read: {why}")),
            code: String::new(),
        };
        match self.send_xrpc::<P, I, O, serde_json::Value>(request).await {
            Ok(OutputDataOrBytes::Data(output)) => Ok(output),
            Ok(OutputDataOrBytes::Bytes(_)) => Err(unreadable("it is no JSON".into())),
            Err(Error::HttpClient(why)) => Err(why
                .downcast::<Refusal>()
                .map_or_else(|why| unreadable(why.to_string()), |refusal| *refusal)),
            Err(why @ (Error::HttpRequest(_) | Error::SerdeHtmlForm(_))) => Err(Refusal {
                failure: Failure::Refused(format!("it cannot be sent: {why}")),
                code: String::new(),
            }),
            Err(why) => Err(unreadable(why.to_string())),
        }
    }
}
