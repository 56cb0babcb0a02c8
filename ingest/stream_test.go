package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// words is a format for tests: a record is a line, "x" is malformed.
type words struct{}

func (words) Name() string    { return "words" }
func (words) Version() string { return "1" }
func (words) Open([]byte) Reading {
	return Reading{Framing: Lines{}, NewDecoder: func() Decoder { return words{} }}
}
func (words) Decode(chunk []byte, s Sink) {
	var line []byte
	for n := int64(1); len(chunk) > 0; n++ {
		line, chunk = NextLine(chunk)
		if string(line) == "x" {
			s.Reject(Reject{Line: n, Reason: ReasonMalformed})
			continue
		}
		s.Event(&Event{Account: line, TsMs: n})
	}
}

// collect is a batch that remembers everything.
type collect struct {
	Tally
	seen []string
}

func (c *collect) Event(e *Event) { c.Events++; c.seen = append(c.seen, string(e.Account)) }
func (c *collect) Reject(r Reject) {
	c.Tally.Reject(r.Reason)
	c.seen = append(c.seen, fmt.Sprint("x", r.Line))
}

func run(t *testing.T, r io.Reader, threads int) (seen []string, firsts []int64, long []int64, lines int64, err error) {
	t.Helper()
	p := Pipeline[*collect]{
		Threads: threads, NewBatch: func() *collect { return new(collect) },
		NewWorker: func(Reading) func([]byte, *collect) {
			return func(chunk []byte, c *collect) { c.seen = nil; words{}.Decode(chunk, c) }
		},
		Commit: func(c *collect, first int64) error {
			seen, firsts = append(seen, c.seen...), append(firsts, first)
			return nil
		},
		TooLong: func(line int64) error { long = append(long, line); return nil },
	}
	outcome, err := p.Run(context.Background(), r, words{})
	return seen, firsts, long, outcome.Lines, err
}

func TestPipelineOrder(t *testing.T) {
	var data bytes.Buffer
	var want []string
	for i := range 300_000 {
		w := fmt.Sprintf("%0*d", i%23, i)
		fmt.Fprintf(&data, "%s\n", w)
		want = append(want, w)
	}
	data.WriteString("last") // without a line end
	want = append(want, "last")
	for _, threads := range []int{1, 2, 5} {
		for name, r := range map[string]io.Reader{"whole": bytes.NewReader(data.Bytes()),
			"in pieces": iotest.HalfReader(bytes.NewReader(data.Bytes()))} {
			seen, firsts, long, lines, err := run(t, r, threads)
			if err != nil || len(long) > 0 || lines != 300_000 || firsts[0] != 1 || len(firsts) < 3 {
				t.Fatalf("%d threads, %s: %d lines, firsts %v, too long %v, %v", threads, name, lines, firsts, long,
					err)
			}
			if strings.Join(seen, " ") != strings.Join(want, " ") {
				t.Fatalf("%d threads, %s: records differ", threads, name)
			}
		}
	}
}

func TestPipelineTooLong(t *testing.T) {
	big := strings.Repeat("a", 3*ChunkSize)
	for name, tt := range map[string]struct {
		data string
		seen string
		long string
	}{
		"inside":      {"one\n" + big + "\ntwo\n", "one two", "[2]"},
		"at the end":  {"one\n" + big, "one", "[2]"},
		"first":       {big + "\none\n", "one", "[1]"},
		"two":         {big + "\n" + big + "\none", "one", "[1 2]"},
		"just fits":   {strings.Repeat("b", ChunkSize-1) + "\none\n", strings.Repeat("b", ChunkSize-1) + " one", "[]"},
		"one too big": {strings.Repeat("b", ChunkSize) + "\none\n", "one", "[1]"},
		"empty":       {"", "", "[]"},
		"BOM":         {"\xef\xbb\xbfone\n", "one", "[]"},
	} {
		seen, _, long, _, err := run(t, strings.NewReader(tt.data), 2)
		if got := strings.Join(seen, " "); err != nil || got != tt.seen || fmt.Sprint(long) != tt.long {
			t.Errorf("%s: %d bytes seen, too long %v, %v", name, len(got), long, err)
		}
	}
}

func TestPipelineErrors(t *testing.T) {
	broken := errors.New("broken")
	data := strings.Repeat("word\n", ChunkSize)
	_, _, _, _, err := run(t, io.MultiReader(strings.NewReader(data), iotest.ErrReader(broken)), 2)
	if !errors.Is(err, broken) {
		t.Errorf("reader's error is lost: %v", err)
	}
	_, _, _, _, err = run(t, io.MultiReader(strings.NewReader(data), iotest.ErrReader(io.ErrUnexpectedEOF)), 2)
	if !errors.Is(err, ErrTruncated) {
		t.Errorf("a stream that breaks off gives %v", err)
	}
	p := Pipeline[*collect]{
		Threads: 2, NewBatch: func() *collect { return new(collect) },
		NewWorker: func(Reading) func([]byte, *collect) { return func(chunk []byte, c *collect) {} },
		Commit:    func(*collect, int64) error { return broken },
	}
	if _, err := p.Run(context.Background(), strings.NewReader(data), words{}); !errors.Is(err, broken) {
		t.Errorf("the error of Commit is lost: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Account(ctx, strings.NewReader(data), words{}, 2, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAccount(t *testing.T) {
	c, err := Account(context.Background(), strings.NewReader("a\nb\nx\nc\n"), words{}, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Read != 4 || c.Events != 3 || c.Rejects[ReasonMalformed] != 1 || !c.Balanced() {
		t.Errorf("%+v", c.Counts)
	}
	if c.Span != (Span{1, 4}) {
		t.Errorf("%+v", c.Span)
	}
}

func TestShape(t *testing.T) {
	for name, want := range map[string]string{
		"Pronote_JMonnet": "Aaaaaaa_AAaaaaa", "élève-12": "aaaaaaa-99", "a\x00b": "a?a", "": "",
		strings.Repeat("a", 99): strings.Repeat("a", 24), "/~jdupont/": "/~aaaaaaa/",
	} {
		if got := Shape([]byte(name)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestClassifyAgent(t *testing.T) {
	for ua, want := range map[string]Agent{
		"":  {},
		"-": {},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Mobile": {DevicePhone, ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 14; SM-A546B) Chrome/127 Mobile":   {DevicePhone, ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 14; SM-X200) Chrome/127":           {DeviceTablet, ChannelWeb, ""},
		"Mozilla/5.0 (iPad; CPU OS 17 like Mac OS X)":                   {DeviceTablet, ChannelWeb, ""},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/128":          {DeviceComputer, ChannelWeb, ""},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)":               {DeviceComputer, ChannelWeb, ""},
		"okhttp/4.9.2":                            {DevicePhone, ChannelApp, ""},
		"OneApp/1.2 CFNetwork/1494 Darwin/23":     {DevicePhone, ChannelApp, ""},
		"PlayStation":                             {DeviceOther, ChannelWeb, ""},
		"Mozilla/5.0 (compatible; Googlebot/2.1)": {DeviceOther, ChannelWeb, RuleRobot},
		"kube-probe/1.27":                         {DeviceOther, ChannelWeb, RuleHealth},
		// Phones whose brand or model holds a robot's word (isbot #29, device-detector #5701).
		"Mozilla/5.0 (Linux; Android 8.0.0; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0 Mobile " +
			"Safari/537.36": {DevicePhone, ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9 Build/TP1A) AppleWebKit/537.36 (KHTML, like Gecko) " +
			"Chrome/129.0 Mobile Safari": {DevicePhone, ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 6.0; M BOT 551 Build/MRA58K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/54.0 " +
			"Mobile Safari/537.36": {DevicePhone, ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 11; Spider X) AppleWebKit/537.36 Chrome/54.0 Mobile Safari/537.36": {DevicePhone,
			ChannelWeb, ""},
		"Mozilla/5.0 (Linux; Android 9; Curlew) AppleWebKit/537.36 Chrome/54.0 Mobile Safari/537.36": {DevicePhone,
			ChannelWeb, ""},
		// A computer, whatever Windows says of its pen (http-browserdetect #136).
		"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; SLCC2; .NET CLR 2.0.50727; Tablet PC 2.0; rv:11.0) like " +
			"Gecko": {DeviceComputer, ChannelWeb, ""},
		"Mozilla/5.0 (compatible; FooCrawler/1.0; +http://example.org)": {DeviceOther, ChannelWeb, RuleRobot},
		"python-requests/2.31":  {DeviceOther, ChannelWeb, RuleRobot},
		"Apache-HttpClient/4.5": {DeviceOther, ChannelWeb, RuleRobot},
		"Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/537.36 SamsungBrowser/2.2 TV Safari/537.36": {DeviceOther,
			ChannelWeb, ""},
	} {
		if got := ClassifyAgent([]byte(ua)); got != want {
			t.Errorf("%q: %+v, want %+v", ua, got, want)
		}
		var table Agents
		for range 2 {
			if got := table.Lookup([]byte(ua)); got != want {
				t.Errorf("remembered %q: %+v, want %+v", ua, got, want)
			}
		}
	}
}

// TestHostileObjects: opening brackets without end cost one pass, not one each.
func TestHostileObjects(t *testing.T) {
	for name, data := range map[string]string{
		"brackets":         strings.Repeat("{\n", 3*ChunkSize/2),
		"brackets, inside": "[{}" + strings.Repeat("{\n", ChunkSize/4),
		"quotes":           strings.Repeat("{\"\\\n", ChunkSize/2),
		"one line":         "[" + strings.Repeat("{", 3*ChunkSize),
	} {
		c, err := Account(context.Background(), strings.NewReader(data), braces{}, 1, nil)
		if err != nil || c.Read == 0 || !c.Balanced() {
			t.Errorf("%s: %+v %v", name, c, err)
		}
	}
}

// braces is a format of objects, for tests.
type braces struct{ words }

func (braces) Open([]byte) Reading {
	return Reading{Framing: Objects{}, NewDecoder: func() Decoder { return braces{} }}
}
func (braces) Decode(chunk []byte, s Sink) {
	Objects{}.Each(chunk, func([]byte, int64) {
		s.Event(&Event{})
	}, func(n int64, r Reason) { s.Reject(Reject{Line: n, Reason: r}) })
}

func TestEachObject(t *testing.T) {
	var got []string
	Objects{}.Each([]byte("[{\"a\":\"}\"},\n{}\nx{}\n{\"\n{}]"),
		func(b []byte, n int64) { got = append(got, fmt.Sprint(n, string(b))) },
		func(n int64, r Reason) { got = append(got, fmt.Sprint(n, r)) })
	want := []string{`1{"a":"}"}`, "2{}", "3malformed record", "4truncated record", "5{}"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q", got)
	}
}
