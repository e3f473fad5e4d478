//! What a line of curl or wget asks for.

use crate::argument::Argument;
use crate::flags::{Flags, parse};
use crate::risk::Risk;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpCheck {
    pub method: String,
    pub url: Argument,
    /// `Name: value` each.
    pub headers: Vec<Argument>,
    pub body: Option<Argument>,
    /// `user:password`.
    pub credentials: Option<Argument>,
    pub follows_redirects: bool,
    pub accepts_any_certificate: bool,
    /// An answer of 400 and above is a failure.
    pub expects_success: bool,
    pub time_limit_seconds: Option<Argument>,
    /// Are the times of its phases asked for, as with `-w`?
    pub measures: bool,
    pub save_to: Option<Argument>,
}

const CURL: &str = "X/request= H/header= d/data= data-raw= data-binary= data-ascii= data-urlencode= json= G/get s/silent S/show-error f/fail fail-with-body L/location \
    location-trusted k/insecure v/verbose i/include I/head o/output= w/write-out= u/user= m/max-time= connect-timeout= retry= retry-delay= retry-max-time= \
    retry-all-errors retry-connrefused A/user-agent= e/referer= url= compressed 4/ipv4 6/ipv6 http1.0 http1.1 http2 http3 N/no-buffer #/progress-bar no-progress-meter \
    tlsv1.2 tlsv1.3 oauth2-bearer= C/continue-at= g/globoff path-as-is keepalive-time= max-redirs= Z/parallel basic anyauth create-dirs raw trace-time";

const DATA: &[&str] = &[
    "data",
    "data-raw",
    "data-binary",
    "data-ascii",
    "data-urlencode",
    "json",
];

/// What needs a file of this machine, or another way than a plain request.
const CURL_OTHER: &str = "resolve= connect-to= b/cookie= c/cookie-jar= O/remote-name J/remote-header-name F/form= T/upload-file= x/proxy= cacert= cert= E/cert= key= unix-socket= K/config= n/netrc interface= abstract-unix-socket= socks5= socks5-hostname= p/proxytunnel aws-sigv4= negotiate ntlm cert-type= key-type= pass= capath=";

const WGET: &str = "q/quiet O/output-document= S/server-response spider T/timeout= t/tries= no-check-certificate header= post-data= method= body-data= c/continue v/verbose nv/no-verbose \
    user= password= d/debug no-proxy user-agent= P/directory-prefix= max-redirect= content-on-error";

/// Reads what stands behind the program's name.
pub(crate) fn read(program: &str, arguments: &[Argument]) -> Result<HttpCheck, String> {
    if program == "wget" {
        wget(arguments)
    } else {
        curl(arguments)
    }
}

fn curl(arguments: &[Argument]) -> Result<HttpCheck, String> {
    let flags = parse(arguments, &[CURL, CURL_OTHER], None);
    if let Some(flag) = &flags.unknown {
        return Err(format!("the flag {flag} of curl is not known"));
    }
    for entry in CURL_OTHER.split_whitespace() {
        let name = entry
            .trim_end_matches('=')
            .rsplit('/')
            .next()
            .unwrap_or(entry);
        if flags.has(name) {
            return Err(format!("curl --{name} is done by no native action"));
        }
    }
    let url = url(&flags)?;
    let mut bodies = DATA.iter().flat_map(|name| flags.values(name));
    let body = bodies.next();
    let is_file = body
        .as_ref()
        .is_some_and(|body| body.head().starts_with('@'));
    if is_file || bodies.next().is_some() || body.is_some() && flags.has("get") {
        return Err(
            "a body of a file, of several parts or in the address is done by no native action"
                .into(),
        );
    }
    let mut headers = flags.values("header");
    if flags.value("json").is_some() {
        headers.push(Argument::literal("Content-Type: application/json"));
    }
    let method = match flags.text("request") {
        Some(method) => method.to_ascii_uppercase(),
        None if flags.value("request").is_some() => return Err("the method is left open".into()),
        None if flags.has("head") => "HEAD".to_owned(),
        None if body.is_some() => "POST".to_owned(),
        None => "GET".to_owned(),
    };
    let output = flags
        .value("output")
        .filter(|file| !matches!(file.text(), Some("/dev/null" | "-")));
    Ok(HttpCheck {
        method,
        url,
        headers,
        body,
        credentials: flags
            .value("user")
            .or(flags.value("oauth2-bearer"))
            .cloned(),
        follows_redirects: flags.has("location"),
        accepts_any_certificate: flags.has("insecure"),
        expects_success: flags.has("fail") || flags.has("fail-with-body"),
        time_limit_seconds: flags
            .value("max-time")
            .or(flags.value("connect-timeout"))
            .cloned(),
        measures: flags.value("write-out").is_some(),
        save_to: output.cloned(),
    })
}

fn url(flags: &Flags) -> Result<Argument, String> {
    let given = flags.values("url");
    let mut all = given.iter().chain(&flags.words);
    match (all.next(), all.next()) {
        (Some(url), None) if url.text().is_none_or(is_address) => Ok(url.clone()),
        (Some(url), None) => Err(format!("{} is no address", url.written())),
        (Some(_), Some(_)) => Err("more than one address is given".into()),
        (None, _) => Err("no address is given".into()),
    }
}

fn is_address(text: &str) -> bool {
    !text.is_empty() && text.contains(['.', ':', '/']) || text == "localhost"
}

fn wget(arguments: &[Argument]) -> Result<HttpCheck, String> {
    let flags = parse(arguments, &[WGET], None);
    if let Some(flag) = &flags.unknown {
        return Err(format!("the flag {flag} of wget is not known"));
    }
    let body = flags.value("post-data").or(flags.value("body-data"));
    let method = match (flags.text("method"), body, flags.has("spider")) {
        (Some(method), ..) => method.to_ascii_uppercase(),
        (None, Some(_), _) => "POST".to_owned(),
        (None, None, true) => "HEAD".to_owned(),
        (None, None, false) => "GET".to_owned(),
    };
    let url = url(&flags)?;
    let file = match flags.value("output-document") {
        Some(file) if matches!(file.text(), Some("-" | "/dev/null")) => None,
        Some(file) => Some(file.clone()),
        None if flags.has("spider") => None,
        None => return Err("wget saves a file under a name of its own".into()),
    };
    Ok(HttpCheck {
        method,
        url,
        headers: flags.values("header"),
        body: body.cloned(),
        credentials: None,
        follows_redirects: true,
        accepts_any_certificate: flags.text("check-certificate").is_some()
            || flags.has("no-check-certificate"),
        expects_success: true,
        time_limit_seconds: flags.value("timeout").cloned(),
        measures: false,
        save_to: file,
    })
}

impl HttpCheck {
    /// A plain request.
    pub(crate) fn of(method: String, url: Argument) -> HttpCheck {
        HttpCheck {
            method,
            url,
            headers: Vec::new(),
            body: None,
            credentials: None,
            follows_redirects: false,
            accepts_any_certificate: false,
            expects_success: false,
            time_limit_seconds: None,
            measures: false,
            save_to: None,
        }
    }

    pub fn risk(&self) -> Risk {
        match self.method.as_str() {
            "GET" | "HEAD" | "OPTIONS" => Risk::Read,
            "DELETE" => Risk::Destructive,
            _ => Risk::Change,
        }
    }

    pub fn words(&self) -> String {
        let mut words = vec![self.method.clone(), self.url.written()];
        for header in &self.headers {
            words.push(format!("header {}", header.written()));
        }
        if let Some(body) = &self.body {
            words.push(format!("body {}", body.written()));
        }
        for (is_set, word) in [
            (self.credentials.is_some(), "with credentials"),
            (self.follows_redirects, "following redirects"),
            (self.accepts_any_certificate, "with any certificate"),
            (self.expects_success, "expecting success"),
            (self.measures, "measuring times"),
        ] {
            if is_set {
                words.push(word.to_owned());
            }
        }
        words.join(" ")
    }
}
