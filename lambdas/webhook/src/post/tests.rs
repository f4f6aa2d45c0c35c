//! The real client against real sockets on this machine. It reaches trusted hosts, and no other private address by any
//! name.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

/// A server that gives each caller this answer; the requests come out of the channel.
fn server(answer: String) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).unwrap_or(0) > 2 {}
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            let _ = reader.read_exact(&mut body);
            heard.send(head + &String::from_utf8_lossy(&body)).unwrap();
            // The caller may have hung up.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, asked)
}

fn answers(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")
}

fn signed() -> SignedEvent {
    SignedEvent {
        id: "event-1".into(),
        timestamp: 1_769_860_800,
        signature: "v1,abc=".into(),
        body: r#"{"a":1}"#.into(),
    }
}

/// The outcome of calling this URL, with this machine as a trusted host.
fn post(url: &str) -> Result<u16, Refusal> {
    let trusted = Trusted::listed("127.0.0.1");
    let to = Destination::parse(url, &trusted).unwrap();
    Postman::new(trusted).post(&to, &signed())
}

#[test]
fn an_event_is_posted_with_the_headers_of_the_convention() {
    let (port, asked) = server(answers("204 No Content"));
    assert_eq!(post(&format!("http://127.0.0.1:{port}/hook?x=1")), Ok(204));
    let asked = asked.recv().unwrap();
    assert!(asked.starts_with("POST /hook?x=1 HTTP/1.1\r\n") && asked.ends_with("\r\n\r\n{\"a\":1}"), "{asked}");
    for header in [
        "content-type: application/json",
        "webhook-id: event-1",
        "webhook-timestamp: 1769860800",
        "webhook-signature: v1,abc=",
    ] {
        assert!(asked.contains(&format!("\r\n{header}\r\n")), "{header}: {asked}");
    }
}

#[test]
fn an_answer_other_than_2xx_is_a_refusal() {
    for (line, status) in
        [("400 Bad", 400), ("404 Not Found", 404), ("410 Gone", 410), ("500 Oh", 500), ("503 No", 503)]
    {
        let (port, _asked) = server(answers(line));
        assert_eq!(post(&format!("http://127.0.0.1:{port}/")), Err(Refusal::Status(status)));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, heard) = server(answers("200 OK"));
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: http://127.0.0.1:{elsewhere}/\r\n");
        let (port, _asked) = server(format!("HTTP/1.1 {status} Over There\r\n{location}content-length: 0\r\n\r\n"));
        assert_eq!(post(&format!("http://127.0.0.1:{port}/")), Err(Refusal::Status(status)));
    }
    assert!(heard.try_recv().is_err(), "no connection came");
}

#[test]
fn what_is_no_answer_is_named() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    assert_eq!(post(&format!("http://127.0.0.1:{closed}/")), Err(Refusal::Unreachable));
    let (port, _asked) = server("SSH-2.0-OpenSSH\r\n".into());
    assert_eq!(post(&format!("http://127.0.0.1:{port}/")), Err(Refusal::Unreachable));
    let (port, _asked) = server(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(LARGEST_HEADERS)));
    assert_eq!(post(&format!("http://127.0.0.1:{port}/")), Err(Refusal::Unreachable));
    let (port, _asked) = server("no TLS here".into());
    assert_eq!(post(&format!("https://127.0.0.1:{port}/")), Err(Refusal::Tls));
}

#[test]
fn a_body_without_an_end_is_not_waited_for() {
    let (port, _asked) = server("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\nx".into());
    let began = Instant::now();
    assert_eq!(post(&format!("http://127.0.0.1:{port}/")), Ok(200));
    assert!(began.elapsed() < WHOLE_CALL);
}

#[test]
fn a_silent_receiver_is_not_waited_for() {
    // Connected by the system's backlog, and never answered.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let trusted = Trusted::listed("127.0.0.1");
    let to = Destination::parse(&format!("http://{}/", silent.local_addr().unwrap()), &trusted).unwrap();
    let names = PublicOnly { trusted, names: DefaultResolver::default() };
    let began = Instant::now();
    assert_eq!(Postman::with(names, Duration::from_millis(300)).post(&to, &signed()), Err(Refusal::Timeout));
    assert!((300..WHOLE_CALL.as_millis()).contains(&began.elapsed().as_millis()));
}

/// DNS as an attacker writes it.
#[derive(Debug)]
struct Says(Vec<IpAddr>, u16);

impl Resolver for Says {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.empty();
        self.0.iter().for_each(|address| found.push(SocketAddr::new(*address, self.1)));
        Ok(found)
    }
}

/// The outcome of calling a public name that resolves to these addresses, while a server listens on loopback.
fn post_where(addresses: &[&str], port: u16) -> Result<u16, Refusal> {
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    let resolver = PublicOnly { trusted: Trusted::default(), names: Says(addresses, port) };
    let postman = Postman::with(resolver, WHOLE_CALL);
    let url = format!("https://hooks.example.com:{port}/");
    postman.post(&Destination::parse(&url, &Trusted::default()).unwrap(), &signed())
}

#[test]
fn a_public_name_that_leads_inside_is_not_called() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for addresses in [
        &["127.0.0.1"][..],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        &["169.254.169.254"],
        &["10.0.0.1"],
        &["0.0.0.0"],
        // One public address does not make the others public.
        &["93.184.216.34", "127.0.0.1"],
        &["127.0.0.1", "93.184.216.34"],
    ] {
        assert_eq!(post_where(addresses, port), Err(Refusal::NotPublic), "{addresses:?}");
    }
    assert!(listener.accept().is_err(), "no connection came");
}

#[test]
fn names_of_this_machine_are_looked_up_and_refused() {
    // Without `Destination`, which would refuse it: the real resolver is the second lock.
    let names = PublicOnly { trusted: Trusted::listed("elsewhere.example"), names: DefaultResolver::default() };
    let to = Destination::parse("http://localhost:9/", &Trusted::listed("localhost")).unwrap();
    assert_eq!(Postman::with(names, WHOLE_CALL).post(&to, &signed()), Err(Refusal::NotPublic));
}

#[test]
fn a_name_that_does_not_exist_is_named() {
    let to = Destination::parse("https://no-such-host.invalid/", &Trusted::default()).unwrap();
    let refused = Postman::new(Trusted::default()).post(&to, &signed());
    // A machine without a network may wait for its name server in vain.
    assert!(matches!(refused, Err(Refusal::UnknownHost | Refusal::Timeout)), "{refused:?}");
}
