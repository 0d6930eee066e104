//! Which behaviour has my provider? Sends a designed probe through a proxy and reads what came back.
//!
//! ```sh
//! cargo run -p proxy-concurrency --example probe -- \
//!     --proxy http://user:password@proxy.example:8080 --url https://example.com/ --cap 100
//! ```
//! Without `--send` it only says what it would send. With `--send N` it sends at most N requests, each on a connection of
//! its own that is closed at its end, and prints a line for each, the verdict, and with `--rate` the sizing. The lines can
//! be pasted into the widget. An https:// target goes by CONNECT, and the probe itself holds the tunnel; an http:// target
//! goes in absolute form, unless `--tunnel` is given, and must itself be slow.

use std::io::{IsTerminal as _, Write as _};
use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONNECTION, HOST, HeaderValue, PROXY_AUTHORIZATION};
use hyper::{Method, Request, Response, Uri};
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use proxy_concurrency::probe::{Caution, DesignInput, Phase, PhaseKind, ProbeDesign, design, read};
use proxy_concurrency::{Scenario, report};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, lookup_host};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const HELP: &str = "\
probe --proxy URL --url URL --cap N [--send N] [options]

  --proxy URL       the proxy, http:// or https://, with user:password@ if it asks for them
  --url URL         the target: one of your own, or one that does not mind
  --cap N           requests at once that the plan is believed to hold
  --send N          send, and at most N requests; without it, only say what would be sent
  --detect-queue    as many more, to see how many may wait
  --tunnel          by CONNECT also to an http:// target
  --from IP,IP      local addresses to send from, a burst from each: is the limit per address?
  --hold S          hold tunnels at least so long
  --response-time S how long an http:// target takes
  --stagger S       time from one start to the next (0.02)
  --timeout S       when to give a request up (from the design)
  --rate R          requests per second that you need: adds the sizing
  --lines           print nothing but the lines";

struct Options {
    proxy: Target,
    url: Target,
    authorization: Option<HeaderValue>,
    design: DesignInput,
    send: Option<u32>,
    timeout: Option<f64>,
    from: Vec<IpAddr>,
    rate: Option<f64>,
    only_lines: bool,
}

/// A URL in the parts that are needed.
struct Target {
    tls: bool,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    /// Also gives what stands before the `@`.
    fn parse(text: &str) -> Fallible<(Self, Option<String>)> {
        // The text may hold a password: no message repeats it.
        let uri: Uri = text.parse().map_err(|_| "not a URL such as https://example.com/")?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("must begin with http:// or https://".into()),
        };
        let authority = uri.authority().ok_or("has no host")?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user.to_owned());
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok((Self { tls, host: authority.host().to_owned(), port, path }, user))
    }

    /// Without a port that goes without saying.
    fn authority(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

/// `user:password` with `%40` for `@` and so on, as a header that is never printed.
fn basic(user: &str) -> Fallible<HeaderValue> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let mut rest = user.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'%' => {
                let pair = [rest.next(), rest.next()].map(|digit| char::from(digit.unwrap_or(b'-')).to_digit(16));
                let [Some(high), Some(low)] = pair else { return Err("has a % without two digits after it".into()) };
                u8::try_from(16 * high + low)?
            }
            byte => byte,
        };
        bytes.push(decoded);
    }
    if !bytes.contains(&b':') {
        bytes.push(b':');
    }
    // RFC 4648, section 4.
    let mut text = String::from("Basic ");
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_usize, |sum, i| sum << 8 | usize::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = DIGITS.get(group >> (18 - 6 * i) & 63).copied().unwrap_or(b'=');
            text.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    let mut value = HeaderValue::from_str(&text)?;
    value.set_sensitive(true);
    Ok(value)
}

fn options() -> Fallible<Option<Options>> {
    use lexopt::prelude::*;
    let (mut proxy, mut url, mut cap, mut send, mut timeout, mut rate) = (None, None, None, None, None, None);
    let (mut from, mut only_lines, mut tunnel) = (Vec::new(), false, false);
    let mut input = DesignInput::new(1.0);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("proxy") => proxy = Some(parser.value()?.string()?),
            Long("url") => url = Some(parser.value()?.string()?),
            Long("cap") => cap = Some(parser.value()?.parse::<f64>()?),
            Long("send") => send = Some(parser.value()?.parse::<u32>()?),
            Long("detect-queue") => input.detect_queue = true,
            Long("tunnel") => tunnel = true,
            Long("from") => {
                let text = parser.value()?.string()?;
                from = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            Long("hold" | "response-time") => input.response_time = parser.value()?.parse()?,
            Long("stagger") => input.stagger = parser.value()?.parse()?,
            Long("timeout") => timeout = Some(parser.value()?.parse::<f64>()?),
            Long("rate") => rate = Some(parser.value()?.parse::<f64>()?),
            Long("lines") => only_lines = true,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    let needed = |value: Option<String>, name: &str| value.ok_or_else(|| format!("--{name} is needed; see --help"));
    let (proxy, user) = Target::parse(&needed(proxy, "proxy")?).map_err(|error| format!("--proxy: {error}"))?;
    let (url, target_user) = Target::parse(&needed(url, "url")?).map_err(|error| format!("--url: {error}"))?;
    if target_user.is_some() {
        return Err("--url: must have no user and password".into());
    }
    if timeout.is_some_and(|x| !(0.001..=86_400.0).contains(&x)) {
        return Err("--timeout must be from 0.001 to 86400 s".into());
    }
    input.cap = cap.ok_or("--cap is needed; see --help")?;
    input.tunnel = url.tls || tunnel;
    let authorization = user.map(|user| basic(&user)).transpose().map_err(|error| format!("--proxy: {error}"))?;
    Ok(Some(Options { proxy, url, authorization, design: input, send, timeout, from, rate, only_lines }))
}

/// The one place that knows how many requests may still be sent: whoever has no permit sends nothing.
struct Budget(AtomicU32);

impl Budget {
    fn take(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

/// A line: what one request met with. Times are seconds since its start, `start` since the probe's.
struct Line {
    status: String,
    start: f64,
    seconds: f64,
    connect: Option<f64>,
    done: Option<f64>,
    by: Option<&'static str>,
    ip: Option<IpAddr>,
    idle: Option<u32>,
}

impl Line {
    const HEADER: &str = "status   seconds    start  connect     done by     ip idle";

    fn served(&self) -> bool {
        matches!(self.status.parse(), Ok(200..=399_u16))
    }

    fn text(&self) -> String {
        let time = |x: Option<f64>| x.map_or("-".to_owned(), |x| format!("{x:.4}"));
        let (connect, done) = (time(self.connect), time(self.done));
        let ip = self.ip.map_or("-".to_owned(), |ip| ip.to_string());
        let idle = self.idle.map_or("-".to_owned(), |n| n.to_string());
        let (status, by) = (&self.status, self.by.unwrap_or("-"));
        format!("{status:7} {:8.4} {:8.4} {connect:>8} {done:>8} {by:6} {ip} {idle}", self.seconds, self.start)
    }
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}
type Connection = Box<dyn Wire>;

struct Probe {
    options: Options,
    plan: ProbeDesign,
    timeout: Duration,
    tls: TlsConnector,
    budget: Budget,
    began: Instant,
    bar: ProgressBar,
}

/// So many refusals of requests that nothing was to refuse say that something does; more would only annoy.
const ENOUGH_REFUSALS: u32 = 3;

/// How a request goes.
#[derive(Clone, Copy)]
struct Manner {
    /// Hold the connection for so long; `None`: ask for nothing, and end at the answer to CONNECT.
    hold: Option<Duration>,
    from: Option<IpAddr>,
}

impl Probe {
    async fn connection(&self, target: &Target, from: Option<IpAddr>) -> Fallible<Connection> {
        let mut last = "has no address".into();
        for address in lookup_host((target.host.trim_matches(['[', ']']), target.port)).await.map_err(|_| Unresolved)? {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            if let Some(ip) = from {
                socket.bind((ip, 0).into())?;
            }
            match socket.connect(address).await {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    let stream: Connection = Box::new(stream);
                    return if target.tls { self.encrypted(target, stream).await } else { Ok(stream) };
                }
                Err(error) => last = error.into(),
            }
        }
        Err(last)
    }

    async fn encrypted(&self, target: &Target, stream: Connection) -> Fallible<Connection> {
        let name = ServerName::try_from(target.host.trim_matches(['[', ']']).to_owned())?;
        Ok(Box::new(self.tls.connect(name, stream).await?))
    }

    fn request(&self, method: Method, uri: String, to_proxy: bool, close: bool) -> Fallible<Request<Empty<Bytes>>> {
        let host = if method == Method::CONNECT { uri.clone() } else { self.options.url.authority() };
        let mut request = Request::builder().method(method).uri(uri).header(HOST, host);
        if close {
            request = request.header(CONNECTION, "close");
        }
        if let (true, Some(value)) = (to_proxy, &self.options.authorization) {
            request = request.header(PROXY_AUTHORIZATION, value);
        }
        Ok(request.body(Empty::new())?)
    }

    /// Sends one request, if the budget allows it. `idle` is told in its line.
    async fn one(&self, manner: Manner, idle: Option<u32>) -> Option<Line> {
        if !self.budget.take() {
            return None;
        }
        let begin = Instant::now();
        let mut line = Line {
            status: String::new(),
            start: (begin - self.began).as_secs_f64(),
            seconds: 0.0,
            connect: None,
            done: None,
            by: None,
            ip: manner.from,
            idle,
        };
        let result = timeout_at(begin + self.timeout, self.exchange(&mut line, manner, begin)).await;
        line.status = match result {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(error)) => word(&*error).to_owned(),
            Err(_) => "timeout".to_owned(),
        };
        line.seconds = begin.elapsed().as_secs_f64();
        self.bar.inc(1);
        Some(line)
    }

    async fn exchange(&self, line: &mut Line, manner: Manner, begin: Instant) -> Fallible<u16> {
        let url = &self.options.url;
        // Whatever goes wrong before the tunnel stands, the proxy did.
        line.by = self.plan_tunnels().then_some("proxy");
        let wire = self.connection(&self.options.proxy, manner.from).await?;
        if !self.plan_tunnels() {
            let (mut sender, driver) = handshake(TokioIo::new(wire)).await?;
            let _ends = Ends::with(driver);
            let uri = format!("http://{}{}", url.authority(), url.path);
            let response = sender.send_request(self.request(Method::GET, uri, true, true)?).await?;
            let status = finish(response).await?;
            line.done = Some(begin.elapsed().as_secs_f64());
            return Ok(status);
        }
        let (mut sender, driver) = handshake(TokioIo::new(wire)).await?;
        let _ends = Ends::with(driver.with_upgrades());
        let authority = format!("{}:{}", url.host, url.port);
        let response = sender.send_request(self.request(Method::CONNECT, authority, true, false)?).await?;
        let opened = begin.elapsed();
        if response.status() != 200 {
            return Ok(response.status().as_u16());
        }
        line.connect = Some(opened.as_secs_f64());
        // Who breaks a tunnel is not known.
        line.by = None;
        let upgraded = hyper::upgrade::on(response).await?;
        let Some(hold) = manner.hold else { return Ok(200) };
        let mut wire: Connection = Box::new(TokioIo::new(upgraded));
        if url.tls {
            wire = self.encrypted(url, wire).await?;
        }
        let (mut sender, driver): (SendRequest<Empty<Bytes>>, _) = handshake(TokioIo::new(wire)).await?;
        let _ends = Ends::with(driver);
        // Not `Connection: close`: it is the probe that closes, when it has held the tunnel.
        let response = sender.send_request(self.request(Method::GET, url.path.clone(), false, false)?).await?;
        let status = finish(response).await?;
        line.by = Some("target");
        line.done = Some(begin.elapsed().as_secs_f64());
        if status < 400 {
            sleep_until(begin + opened + hold).await;
        }
        Ok(status)
    }

    const fn plan_tunnels(&self) -> bool {
        self.options.design.tunnel
    }

    async fn phase(self: &Arc<Self>, phase: &Phase, from: Option<IpAddr>) -> Vec<Line> {
        sleep(Duration::from_secs_f64(phase.pause)).await;
        let unheld = matches!(phase.kind, PhaseKind::Unheld | PhaseKind::After);
        let hold = (!unheld).then(|| Duration::from_secs_f64(phase.hold));
        let manner = Manner { hold, from };
        if phase.kind == PhaseKind::Idle {
            return self.idle(phase.requests - 1, manner).await;
        }
        let places = Arc::new(Semaphore::new(phase.at_once as usize));
        let refused = Arc::new(AtomicU32::new(0));
        let mut tasks = JoinSet::new();
        let begin = Instant::now();
        for i in 0..phase.requests {
            sleep_until(begin + Duration::from_secs_f64(phase.stagger * f64::from(i))).await;
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
            if unheld && refused.load(Ordering::SeqCst) >= ENOUGH_REFUSALS {
                break;
            }
            let (probe, refused) = (Arc::clone(self), Arc::clone(&refused));
            tasks.spawn(async move {
                let line = probe.one(manner, None).await;
                refused.fetch_add(line.as_ref().is_some_and(|line| !line.served()).into(), Ordering::SeqCst);
                drop(place);
                line
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    /// Leaves `n` connections open, each after a request of its own, then sends one more.
    async fn idle(self: &Arc<Self>, n: u32, manner: Manner) -> Vec<Line> {
        let mut tasks = JoinSet::new();
        for _ in 0..n {
            let probe = Arc::clone(self);
            tasks.spawn(async move { timeout_at(Instant::now() + probe.timeout, probe.kept(manner)).await.ok()?.ok() });
        }
        let kept: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        self.bar.inc(u64::from(n));
        let open = u32::try_from(kept.len()).unwrap_or(n);
        self.one(manner, Some(open)).await.into_iter().collect()
    }

    async fn kept(&self, manner: Manner) -> Fallible<(SendRequest<Empty<Bytes>>, Ends)> {
        if !self.budget.take() {
            return Err("no request is left".into());
        }
        let wire = self.connection(&self.options.proxy, manner.from).await?;
        let (mut sender, driver) = handshake(TokioIo::new(wire)).await?;
        let ends = Ends::with(driver);
        let uri = format!("http://{}{}", self.options.url.authority(), self.options.url.path);
        let status = finish(sender.send_request(self.request(Method::GET, uri, true, false)?).await?).await?;
        if status >= 400 { Err("refused".into()) } else { Ok((sender, ends)) }
    }

    async fn run(self: Arc<Self>, lines: &mut Vec<Line>) {
        let sources = &self.options.from;
        for phase in &self.plan.phases {
            if phase.kind == PhaseKind::Burst && sources.len() > 1 {
                // A burst from each, one after another, while those before are held.
                let apart = self.plan.stagger * f64::from(phase.requests);
                let mut tasks = JoinSet::new();
                let mut wait = 0.0;
                let longest = apart * f64::from(u32::try_from(sources.len()).unwrap_or(1) - 1);
                for from in sources.iter().copied() {
                    let probe = Arc::clone(&self);
                    let phase = Phase { pause: phase.pause + wait, hold: phase.hold + longest, ..*phase };
                    tasks.spawn(async move { probe.phase(&phase, Some(from)).await });
                    wait += apart;
                }
                lines.extend(tasks.join_all().await.into_iter().flatten());
                continue;
            }
            lines.extend(self.phase(phase, sources.first().copied()).await);
            // Nothing is learned from a burst at a proxy that lets nothing pass.
            if phase.kind == PhaseKind::Alone && !lines.iter().all(Line::served) {
                return;
            }
        }
    }
}

/// Ends a connection's task when it is dropped.
struct Ends(tokio::task::JoinHandle<()>);

impl Ends {
    fn with<T>(driver: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(async move {
            driver.await;
        }))
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads an answer to its end.
async fn finish(response: Response<Incoming>) -> Fallible<u16> {
    let status = response.status().as_u16();
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        frame?;
    }
    Ok(status)
}

#[derive(Debug)]
struct Unresolved;
impl std::fmt::Display for Unresolved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name has no address")
    }
}
impl std::error::Error for Unresolved {}

/// A word for what went wrong.
fn word(error: &(dyn std::error::Error + 'static)) -> &'static str {
    use std::io::ErrorKind;
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<Unresolved>() {
            return "dns";
        }
        if error.is::<tokio_rustls::rustls::Error>() {
            return "tls";
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
                return "closed";
            }
        }
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            if error.get_ref().is_some_and(|inner| inner.is::<tokio_rustls::rustls::Error>()) {
                return "tls";
            }
            return match error.kind() {
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "reset",
                ErrorKind::ConnectionRefused => "refused",
                ErrorKind::UnexpectedEof | ErrorKind::NotConnected => "closed",
                ErrorKind::TimedOut => "timeout",
                _ => "error",
            };
        }
        cause = error.source();
    }
    "error"
}

fn trusted() -> Fallible<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn tell_plan(plan: &ProbeDesign, options: &Options, requests: u32) {
    let Options { url, proxy, authorization, .. } = options;
    let credentials = if authorization.is_some() { "***@" } else { "" };
    println!("# {} through {credentials}{}", url.authority(), proxy.authority());
    println!(
        "# {requests} requests, up to {} open at once, {} s apart, the burst held for {} s; some {} s in all",
        plan.most_open * u32::try_from(options.from.len().max(1)).unwrap_or(1),
        plan.stagger,
        plan.hold,
        plan.duration.ceil(),
    );
    for phase in &plan.phases {
        println!("#   {:?}: {} requests, {} at once", phase.kind, phase.requests, phase.at_once);
    }
    for caution in &plan.cautions {
        println!(
            "#   caution: {}",
            match caution {
                Caution::BelowCap => "no more than the cap is sent, so that only headroom can be seen",
                Caution::NoRateCheck => "too few to tell a rate limit",
                Caution::NoPenaltyCheck => "too few to see a block after refusals",
                Caution::HoldTooShort => "the target answers too soon for all to be open together",
                Caution::MayBePunished => "25 or more may be refused: some providers block for that",
            }
        );
    }
}

/// What the user's rate needs, at the time that one request took with nothing else open.
fn sizing(rate: f64, alone: f64) -> Fallible<String> {
    let mut scenario = Scenario::default();
    scenario.arrival_rate = Some(rate);
    scenario.response_time = Some(alone.max(1e-6));
    Ok(serde_json::to_string(&report(&scenario)?.sizing)?)
}

async fn probe(options: Options) -> Fallible<()> {
    let whole = design(&options.design)?;
    let sources = u32::try_from(options.from.len().max(1))?;
    // Each further address sends a burst more.
    let with_sources = |plan: &ProbeDesign| plan.requests + (sources - 1) * plan.most_open;
    let Some(send) = options.send else {
        tell_plan(&whole, &options, with_sources(&whole));
        println!("# nothing was sent: add --send {}", with_sources(&whole));
        return Ok(());
    };
    let plan = if send >= with_sources(&whole) {
        whole
    } else {
        design(&DesignInput { requests: Some(f64::from((send / sources).max(1))), ..options.design })?
    };
    if !options.only_lines {
        tell_plan(&plan, &options, with_sources(&plan));
    }
    let timeout = Duration::from_secs_f64(options.timeout.unwrap_or_else(|| plan.timeout.max(10.0)));
    let bar = ProgressBar::new(u64::from(with_sources(&plan)));
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} requests, {elapsed}")?);
    let (rate, only_lines) = (options.rate, options.only_lines);
    let tls = trusted()?;
    let budget = Budget(AtomicU32::new(send));
    let probe = Arc::new(Probe { options, plan, timeout, tls, budget, began: Instant::now(), bar: bar.clone() });
    let mut lines = Vec::new();
    let interrupted = tokio::select! {
        () = Arc::clone(&probe).run(&mut lines) => false,
        // What is in flight is dropped, and with it its connection.
        _ = tokio::signal::ctrl_c() => true,
    };
    bar.finish_and_clear();
    lines.sort_by(|x, y| x.start.total_cmp(&y.start));
    let text: String = lines.iter().map(|line| line.text() + "\n").collect();
    let text = format!("{}\n{text}", Line::HEADER);
    let mut out = std::io::stdout().lock();
    write!(out, "{text}")?;
    if interrupted {
        return Err("interrupted".into());
    }
    let reading = read(&text)?;
    if only_lines {
        return Ok(());
    }
    writeln!(out, "# verdict: {}", serde_json::to_string(&reading)?)?;
    if let Some(rate) = rate {
        let alone = lines.first().and_then(|line| line.done).unwrap_or(reading.hold.unwrap_or(0.0));
        writeln!(out, "# sizing: {}", sizing(rate, alone)?)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let done = options().and_then(|options| match options {
        Some(options) => tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(probe(options)),
        None => {
            println!("{HELP}");
            Ok(())
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("probe: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AtomicU32, Budget, Target, basic};

    #[test]
    fn a_budget_is_never_overdrawn() {
        let budget = Budget(AtomicU32::new(1000));
        let taken: u32 = std::thread::scope(|scope| {
            let threads = (0..8).map(|_| scope.spawn(|| (0..500).map(|_| u32::from(budget.take())).sum::<u32>()));
            threads.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(taken, 1000);
    }

    #[test]
    fn credentials_are_encoded_and_kept_out_of_sight() {
        // RFC 7617, section 2, and lengths that need padding.
        for (user, text) in [
            ("Aladdin:open%20sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("a:b", "Basic YTpi"),
            ("a:bc", "Basic YTpiYw=="),
            ("a", "Basic YTo="),
        ] {
            let value = basic(user).unwrap();
            assert_eq!(value.to_str().unwrap(), text);
            assert!(!format!("{value:?}").contains("Basic"));
        }
        assert!(basic("a:%4").is_err());
        let error = Target::parse("ftp://name:secret@host").err().unwrap();
        assert!(!error.to_string().contains("secret"));
    }
}
