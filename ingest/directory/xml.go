package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits of a file. A real AAF record is about 3 kB in 100 elements.
const (
	xmlToken  = 64 << 10 // longest tag, text or comment
	xmlDepth  = 12       // AAF nests to 5, SIECLE to 8
	xmlSniff  = 64 << 10
	xmlBuffer = 256 << 10
)

// Errors of a file that is not the XML it should be. They hold no text of it.
var (
	errXMLDepth   = errors.New("elements nested too deep")
	errXMLToken   = errors.New("tag or text too long")
	errXMLEntity  = errors.New("entity other than the five of XML (external and internal entities are refused)")
	errXMLSyntax  = errors.New("malformed markup")
	errXMLNesting = errors.New("tags do not match")
	errXMLEnd     = errors.New("file ends in the middle of an element")
)

// tokenKind is what a token is.
type tokenKind int

const (
	startTag tokenKind = iota
	endTag
	charData
	comment
)

// token is one piece of the file. The slices are valid until the next call.
type token struct {
	kind tokenKind
	name []byte // of a tag
	attr []byte // of a start tag: the value of the attribute the reader looks at
	text []byte // of character data (unescaped) or a comment
}

// xmlReader cuts an AAF or SIECLE file into tokens. It knows what these use and no
// more: no namespaces, no internal subset, no entity but the predefined five and
// numeric ones. The DOCTYPE is passed over, its DTD never fetched.
type xmlReader struct {
	r         io.Reader
	attrs     func(name []byte) bool // which attribute is read; AAF has but one
	buf       []byte
	pos, end  int
	eof       bool
	err       error
	line      int64
	depth     int
	rooted    bool // an element was read
	names     [xmlDepth][]byte
	selfClose bool
}

// newXMLReader decodes what the declaration says, or, without one, UTF-8 if the
// first 64 kB are, else ISO-8859-15 (AAF before 2014 has no declaration).
func newXMLReader(r io.Reader, attrs func(name []byte) bool) (*xmlReader, error) {
	head := make([]byte, xmlSniff)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return nil, errors.New("UTF-16 is not a character set of AAF")
	}
	all := io.MultiReader(bytes.NewReader(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))), r)
	switch enc := declaredEncoding(head); enc {
	case "utf-8", "us-ascii":
	case "iso-8859-1", "iso-8859-15", "windows-1252":
		all = singleByte(enc).NewDecoder().Reader(all)
	case "":
		if !utf8.Valid(cutRune(head)) {
			all = charmap.ISO8859_15.NewDecoder().Reader(all)
		}
	default:
		return nil, errors.New("the XML declaration names a character set that AAF does not have")
	}
	return &xmlReader{r: all, attrs: attrs, buf: make([]byte, xmlBuffer), line: 1}, nil
}

func singleByte(name string) *charmap.Charmap {
	switch name {
	case "iso-8859-1":
		return charmap.ISO8859_1
	case "windows-1252":
		return charmap.Windows1252
	}
	return charmap.ISO8859_15
}

// declaredEncoding is the encoding of <?xml … encoding="…"?>, in lower case.
func declaredEncoding(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	at := bytes.Index(head, []byte("encoding="))
	if end < 0 || at < 0 || at > end || at+11 > end {
		return "utf-8"
	}
	value := head[at+9 : end]
	if i := bytes.IndexByte(value[1:], value[0]); i >= 0 {
		value = value[1 : i+1]
	}
	return string(bytes.ToLower(value))
}

// cutRune drops a character that the end of the sample cuts in two.
func cutRune(b []byte) []byte {
	for i := 1; i <= 3 && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= 0xc0 && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// next returns the next token, io.EOF at the end of a whole file.
func (x *xmlReader) next() (token, error) {
	if x.selfClose {
		x.selfClose = false
		return x.leave(x.names[x.depth-1])
	}
	for {
		if !x.need(1) {
			if x.err != nil {
				return token{}, x.err
			}
			if x.depth > 0 || !x.rooted {
				return token{}, errXMLEnd
			}
			return token{}, io.EOF
		}
		if x.buf[x.pos] != '<' {
			text, err := x.upTo("<", true)
			if err != nil {
				return token{}, err
			}
			if x.depth == 0 {
				if len(bytes.TrimSpace(text)) > 0 {
					return token{}, errXMLSyntax
				}
				continue
			}
			text, err = unescape(text)
			return token{kind: charData, text: text}, err
		}
		t, ok, err := x.markup()
		if err != nil || ok {
			return t, err
		}
	}
}

// markup reads what begins with "<"; ok is false for what is passed over.
func (x *xmlReader) markup() (t token, ok bool, err error) {
	x.need(9)
	window := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(window, []byte("<!--")):
		x.advance(4)
		text, err := x.upTo("-->", false)
		return token{kind: comment, text: text}, true, err
	case bytes.HasPrefix(window, []byte("<![CDATA[")):
		x.advance(9)
		text, err := x.upTo("]]>", false)
		return token{kind: charData, text: text}, true, err
	case bytes.HasPrefix(window, []byte("<?")):
		_, err = x.upTo("?>", false)
		return token{}, false, err
	case bytes.HasPrefix(window, []byte("<!DOCTYPE")):
		text, err := x.upTo(">", false)
		if err == nil && bytes.ContainsAny(text, "[") {
			err = errXMLEntity // an internal subset: where entities are declared
		}
		return token{}, false, err
	case bytes.HasPrefix(window, []byte("<!")):
		return token{}, false, errXMLSyntax
	}
	x.advance(1)
	text, err := x.upTo(">", false)
	if err != nil {
		return token{}, false, err
	}
	if len(text) > 0 && text[0] == '/' {
		t, err = x.leave(bytes.TrimSpace(text[1:]))
		return t, true, err
	}
	t, err = x.enter(text)
	return t, true, err
}

// enter reads a start tag without its brackets.
func (x *xmlReader) enter(text []byte) (token, error) {
	if n := len(text); n > 0 && text[n-1] == '/' {
		x.selfClose, text = true, text[:n-1]
	}
	name, rest := text, []byte(nil)
	if i := bytes.IndexAny(text, " \t\r\n"); i >= 0 {
		name, rest = text[:i], text[i:]
	}
	if len(name) == 0 {
		return token{}, errXMLSyntax
	}
	if x.depth == xmlDepth {
		return token{}, errXMLDepth
	}
	x.names[x.depth] = append(x.names[x.depth][:0], name...)
	x.depth++
	x.rooted = true
	t := token{kind: startTag, name: name}
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if len(rest) == 0 {
			return t, nil
		}
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return t, errXMLSyntax
		}
		key := bytes.TrimSpace(rest[:eq])
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return t, errXMLSyntax
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return t, errXMLSyntax
		}
		if x.attrs(key) {
			value, err := unescape(rest[1 : end+1])
			if err != nil {
				return t, err
			}
			t.attr = value
		}
		rest = rest[end+2:]
	}
}

func (x *xmlReader) leave(name []byte) (token, error) {
	if x.depth == 0 || !bytes.Equal(x.names[x.depth-1], name) {
		return token{}, errXMLNesting
	}
	x.depth--
	return token{kind: endTag, name: x.names[x.depth]}, nil
}

// upTo returns what stands before a mark and moves behind the mark, or, with
// keep, to it; with keep the end of the file is a mark too.
func (x *xmlReader) upTo(mark string, keep bool) ([]byte, error) {
	from := 0
	for {
		window := x.buf[x.pos:x.end]
		if i := bytes.Index(window[from:], []byte(mark)); i >= 0 {
			text := window[:from+i]
			x.advance(from + i)
			if !keep {
				x.advance(len(mark))
			}
			return text, nil
		}
		if len(window) > xmlToken {
			return nil, errXMLToken
		}
		from = max(0, len(window)-len(mark)+1)
		if !x.need(len(window) + 1) {
			if x.err != nil {
				return nil, x.err
			}
			if !keep {
				return nil, errXMLEnd
			}
			text := x.buf[x.pos:x.end]
			x.advance(len(text))
			return text, nil
		}
	}
}

func (x *xmlReader) advance(n int) {
	x.line += int64(bytes.Count(x.buf[x.pos:x.pos+n], []byte{'\n'}))
	x.pos += n
}

// need makes at least n bytes available, and reports whether there are as many.
func (x *xmlReader) need(n int) bool {
	for x.end-x.pos < n && !x.eof {
		if x.pos > 0 {
			copy(x.buf, x.buf[x.pos:x.end])
			x.end -= x.pos
			x.pos = 0
		}
		m, err := x.r.Read(x.buf[x.end:])
		x.end += m
		if err != nil {
			x.eof = true
			if !errors.Is(err, io.EOF) {
				x.err = fmt.Errorf("read: %w", err)
			}
		}
	}
	return x.end-x.pos >= n
}

// unescape replaces character references in place.
func unescape(text []byte) ([]byte, error) {
	at := bytes.IndexByte(text, '&')
	if at < 0 {
		return text, nil
	}
	out := text[:at]
	for rest := text[at:]; len(rest) > 0; {
		if rest[0] != '&' {
			out, rest = append(out, rest[0]), rest[1:]
			continue
		}
		end := bytes.IndexByte(rest[:min(len(rest), 12)], ';')
		if end < 0 {
			return nil, errXMLEntity
		}
		r, ok := reference(string(rest[1:end]))
		if !ok {
			return nil, errXMLEntity
		}
		out, rest = utf8.AppendRune(out, r), rest[end+1:]
	}
	return out, nil
}

func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	var n uint64
	var err error
	if name[1] == 'x' {
		n, err = strconv.ParseUint(name[2:], 16, 32)
	} else {
		n, err = strconv.ParseUint(name[1:], 10, 32)
	}
	return rune(n), err == nil && n > 0 && utf8.ValidRune(rune(n))
}
