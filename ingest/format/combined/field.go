package combined

import (
	"bytes"
	"encoding/hex"

	"github.com/entscope/entscope/ingest"
)

// kind is what a field of a layout holds, which says what it must look like.
type kind int

const (
	kindText      kind = iota // anything
	kindHost                  // an address or the name of a host
	kindVhost                 // the server asked for, with or without its port
	kindPort                  // a number up to 65535
	kindForwarded             // addresses with commas between them
	kindServers               // the servers behind nginx, with commas between them
	kindIdent                 // "-"
	kindUser                  // the account, one word
	kindWords                 // the account, of any number of words
	kindStamp                 // an instant
	kindDay                   // its day, apart
	kindClock                 // its time of day, apart
	kindRequest               // method, path, protocol
	kindMethod
	kindPath // with or without its query
	kindQuery
	kindProtocol // HTTP/1.1
	kindStatus
	kindNumber  // a count of bytes, or "-"
	kindNumbers // durations and the like
	kindID      // nginx' $request_id: 32 digits
	kindSite    // IIS: W3SVC1
	kindMachine // IIS: the name of a Windows machine
	kindAgent
)

// found are the fields of one record.
type found struct {
	user, asked, method, path, query, agent []byte
	status                                  int
	stamp                                   stamp
}

func (f *found) clear() { *f = found{method: get} }

var get = []byte("GET")

// field is a field of a layout.
type field struct {
	kind kind
	spec string // of a time: its layout, see stamp.read
	// bounded says that something else than a space says where the field ends: quotes,
	// a tab, JSON. An account may then be of several words.
	bounded bool
}

// take takes the text of a field if it looks like what it is.
func (d field) take(b []byte, f *found) ingest.Reason {
	if d.spec != "" {
		if n, ok := f.stamp.read(d.spec, b); !ok || n != len(b) {
			return ingest.ReasonTimestamp
		}
		return ""
	}
	if !d.fits(b) {
		return ingest.ReasonType
	}
	switch d.kind {
	case kindUser, kindWords:
		f.user = b
	case kindRequest:
		f.asked = b
	case kindMethod:
		f.method = b
	case kindPath:
		f.path, f.query = place(b)
	case kindQuery:
		if len(f.query) == 0 {
			f.query = bytes.TrimPrefix(b, []byte{'?'})
		}
	case kindStatus:
		f.status, _ = ingest.Digits(b)
	case kindAgent:
		f.agent = b
	}
	return ""
}

// fits reports whether a text looks like what its field holds.
func (d field) fits(b []byte) bool {
	if string(b) == "-" {
		return d.kind != kindRequest && d.kind != kindPath && d.kind != kindMethod
	}
	switch d.kind {
	case kindHost:
		return isHost(b)
	case kindVhost:
		return isVhost(b)
	case kindPort:
		return number(b) && len(b) <= 5
	case kindForwarded:
		return len(b) > 0 && isList(bytes.Split(b, []byte{' '}))
	case kindIdent:
		return isIdent(b)
	case kindUser:
		return nobodyName(b) || isUser(b, d.bounded)
	case kindWords:
		return nobodyName(b) || isUser(b, true) && areWords(b)
	case kindMethod:
		return isMethod(b)
	case kindPath:
		return len(b) > 0 && (b[0] == '/' || b[0] == '*' || bytes.Contains(b, []byte("://")))
	case kindProtocol:
		return bytes.HasPrefix(b, []byte("HTTP/"))
	case kindStatus:
		return len(b) == 3 && number(b) || string(b) == "-1" || string(b) == "0"
	case kindNumber:
		return number(b)
	case kindNumbers:
		return isNumbers(bytes.Map(func(r rune) rune {
			if r == ',' || r == ' ' || r == ':' {
				return -1
			}
			return r
		}, b))
	case kindID:
		_, err := hex.DecodeString(string(b))
		return err == nil && len(b) == 32
	case kindSite:
		return bytes.HasPrefix(b, []byte("W3SVC")) && number(b[5:])
	case kindMachine:
		return len(b) <= 15 && bytes.Equal(b, bytes.ToUpper(b)) && isName(b)
	}
	return true
}

// areWords reports whether each word of an account that nothing bounds is a word: no
// field that was put before it.
func areWords(b []byte) bool {
	for w := range bytes.SplitSeq(b, []byte{' '}) {
		if !isUser(w, false) || isNumbers(w) || nobodyName(w) {
			return isDistinguished(b, true)
		}
	}
	return true
}

// isVhost reports whether b is the name that a server was asked for: of several labels,
// since one alone may as well be an account; a port may follow.
func isVhost(b []byte) bool {
	if isAddress(b) || string(b) == "_" || string(b) == "localhost" {
		return true
	}
	if hasPort(b) {
		return isName(b[:bytes.LastIndexByte(b, ':')])
	}
	return isName(b) && bytes.IndexByte(b, '.') > 0
}

// isMethod reports whether b is a method of HTTP: capitals.
func isMethod(b []byte) bool {
	for _, c := range b {
		if c-'A' >= 26 && c != '_' && c != '-' {
			return false
		}
	}
	return len(b) > 2 && len(b) <= 16
}
