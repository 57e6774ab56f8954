//! Other words for the same fields: abbreviations, Spanish, German.

/// A vocabulary; words that it does not have stay as they are.
type Words = &'static [(&'static str, &'static str)];

/// Which words a recording uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Plain English.
    English,
    /// English cut short.
    Short,
    /// Spanish.
    Spanish,
    /// German.
    German,
}

const SHORT: Words = &[
    ("worker", "wkr"),
    ("target", "tgt"),
    ("queue", "q"),
    ("lock", "lk"),
    ("to", "dst"),
    ("from", "src"),
    ("floor", "fl"),
    ("channel", "chan"),
    ("message", "msg"),
    ("offset", "off"),
    ("register", "reg"),
    ("value", "val"),
    ("count", "cnt"),
    ("level", "lvl"),
    ("service", "svc"),
    ("amount", "amt"),
    ("account", "acct"),
    ("balance", "bal"),
    ("parent", "par"),
    ("total", "tot"),
    ("node", "nd"),
    ("index", "idx"),
    ("command", "cmd"),
    ("packet", "pkt"),
    ("quantity", "qty"),
    ("station", "stn"),
    ("robot", "rbt"),
    ("order", "ord"),
    ("attempt", "try"),
    ("received", "rx"),
    ("delivered", "dlv"),
    ("artifact", "art"),
    ("duration", "dur"),
];

const SPANISH: Words = &[
    ("desk", "mostrador"),
    ("car", "cabina"),
    ("floor", "piso"),
    ("call", "llamada"),
    ("assign", "asignar"),
    ("assigned", "asignado"),
    ("ticket", "boleto"),
    ("depart", "salida"),
    ("arrive", "llegada"),
    ("door", "puerta"),
    ("open", "abierta"),
    ("close", "cerrada"),
    ("stop", "parada"),
    ("added", "anotada"),
    ("load", "carga"),
    ("from", "desde"),
    ("to", "hacia"),
    ("refused", "rechazada"),
    ("again", "repetida"),
    ("attempt", "intento"),
    ("queue", "cola"),
    ("target", "objetivo"),
    ("worker", "obrero"),
    ("lock", "cerrojo"),
    ("acquired", "tomado"),
    ("released", "soltado"),
    ("wait", "espera"),
    ("channel", "canal"),
    ("message", "mensaje"),
    ("post", "envío"),
    ("received", "recibido"),
    ("delivered", "entregado"),
    ("connected", "conectado"),
    ("conn", "conexión"),
    ("retry", "reintento"),
    ("value", "valor"),
    ("count", "cuenta"),
    ("service", "servicio"),
    ("amount", "importe"),
    ("account", "cuenta_bancaria"),
    ("balance", "saldo"),
    ("parent", "padre"),
    ("span", "tramo"),
    ("trace", "traza"),
    ("reply", "respuesta"),
    ("node", "nodo"),
    ("leader", "líder"),
    ("term", "mandato"),
    ("order", "pedido"),
    ("quantity", "cantidad"),
    ("aisle", "pasillo"),
    ("shelf", "estante"),
    ("station", "estación"),
    ("pin", "patilla"),
    ("register", "registro"),
];

const GERMAN: Words = &[
    ("desk", "pult"),
    ("car", "kabine"),
    ("floor", "etage"),
    ("call", "ruf"),
    ("assign", "zuteilung"),
    ("assigned", "zugeteilt"),
    ("depart", "abfahrt"),
    ("arrive", "ankunft"),
    ("door", "tür"),
    ("open", "auf"),
    ("close", "zu"),
    ("stop", "halt"),
    ("from", "von"),
    ("to", "nach"),
    ("attempt", "versuch"),
    ("queue", "warteschlange"),
    ("target", "ziel"),
    ("worker", "arbeiter"),
    ("lock", "sperre"),
    ("acquired", "erhalten"),
    ("released", "frei"),
    ("wait", "wartet"),
    ("job", "auftrag"),
    ("started", "begonnen"),
    ("finished", "fertig"),
    ("channel", "kanal"),
    ("message", "nachricht"),
    ("received", "empfangen"),
    ("delivered", "zugestellt"),
    ("retry", "wiederholung"),
    ("value", "wert"),
    ("count", "zähler"),
    ("service", "dienst"),
    ("amount", "betrag"),
    ("account", "konto"),
    ("balance", "saldo"),
    ("reply", "antwort"),
    ("node", "knoten"),
    ("leader", "führer"),
    ("robot", "roboter"),
    ("aisle", "gang"),
    ("entered", "betreten"),
    ("left", "verlassen"),
    ("shelf", "regal"),
    ("station", "packplatz"),
    ("order", "bestellung"),
    ("goods", "ware"),
    ("quantity", "menge"),
    ("stock", "bestand"),
    ("charge", "ladung"),
    ("picked", "gegriffen"),
    ("dropped", "abgelegt"),
    ("route", "fahrweg"),
    ("home", "zurück"),
    ("register", "register"),
];

impl Tongue {
    /// The words of a name like `lock_acquired`.
    pub fn split(self, name: &str) -> Vec<String> {
        let words = match self {
            Self::English => &[][..],
            Self::Short => SHORT,
            Self::Spanish => SPANISH,
            Self::German => GERMAN,
        };
        let known =
            |word: &str| words.iter().find(|(plain, _)| *plain == word).map_or(word, |(_, other)| other).to_owned();
        name.split('_').map(known).collect()
    }

    /// The name of the field that says what happened, of the counter, and of the clock.
    pub fn heads(self, pick: u64) -> [&'static str; 3] {
        match (self, pick % 3) {
            (Self::English, 0) => ["event", "seq", "timestamp"],
            (Self::English, 1) => ["type", "step", "ts"],
            (Self::English, _) => ["kind", "n", "time"],
            (Self::Short, 0) => ["ev", "sn", "t"],
            (Self::Short, _) => ["op", "no", "ts"],
            (Self::Spanish, _) => ["suceso", "número", "hora"],
            (Self::German, _) => ["ereignis", "nummer", "zeit"],
        }
    }
}
