// Package formattest holds what the tests of the format rooms share: it runs a
// format over bytes as production does, and checks what must hold for any input.
package formattest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// Result is what a format made of an input.
type Result struct {
	// Events are the events, with copies of their texts.
	Events  []ingest.Event
	Rejects []ingest.Reject
	Ignored []ingest.Rule
	Counts  ingest.Counts
	// Fault is why the format cannot read the header.
	Fault error
}

type sink struct {
	ingest.Tally
	result *Result
	first  int64
}

func (s *sink) Event(e *ingest.Event) {
	s.Events++
	c := *e
	for _, p := range []*[]byte{&c.Account, &c.School, &c.Child, &c.Object, &c.ID} {
		if len(*p) == 0 {
			*p = nil
		}
		*p = bytes.Clone(*p)
	}
	s.result.Events = append(s.result.Events, c)
}

func (s *sink) Ignore(r ingest.Rule) {
	s.Tally.Ignore(r)
	s.result.Ignored = append(s.result.Ignored, r)
}

func (s *sink) Reject(r ingest.Reject) {
	s.Tally.Reject(r.Reason)
	r.Line += s.first - 1
	s.result.Rejects = append(s.result.Rejects, r)
}

// Decode runs a format over the data in one thread, in chunks of 64 KiB.
func Decode(t testing.TB, format ingest.Format, data []byte) *Result {
	t.Helper()
	return decode(t, format, data, 1<<16)
}

// Fuzz decodes any data in one chunk and in small ones, checks both, and
// compares: where chunks end must change nothing.
func Fuzz(t testing.TB, format ingest.Format, data []byte) {
	t.Helper()
	if len(data) > 1<<15 {
		data = data[:1<<15]
	}
	whole := decode(t, format, data, 1<<16)
	Check(t, whole)
	parts := decode(t, format, data, 1<<10)
	Check(t, parts)
	if parts.Counts.Rejects[ingest.ReasonTooLong] > 0 {
		return // a record longer than the small chunk
	}
	if _, objects := format.Open(data).Framing.(ingest.Objects); objects && whole.Counts.Rejected() > 0 {
		return // where a broken object ends is a guess
	}
	a := fmt.Sprint(whole.Counts, whole.Rejects, whole.Events)
	b := fmt.Sprint(parts.Counts, parts.Rejects, parts.Events)
	if a != b {
		t.Errorf("chunks matter:\n%s\n%s", a, b)
	}
}

func decode(t testing.TB, format ingest.Format, data []byte, chunk int) *Result {
	t.Helper()
	result := new(Result)
	var reading ingest.Reading
	p := ingest.Pipeline[*bytes.Buffer]{
		Threads: 1, Chunk: chunk,
		NewBatch: func() *bytes.Buffer { return new(bytes.Buffer) },
		NewWorker: func(r ingest.Reading) func([]byte, *bytes.Buffer) {
			reading = r
			return func(chunk []byte, b *bytes.Buffer) { b.Reset(); b.Write(chunk) }
		},
		Commit: func(b *bytes.Buffer, firstLine int64) error {
			s := &sink{result: result, first: firstLine}
			reading.NewDecoder().Decode(b.Bytes(), s)
			s.Flush(&result.Counts)
			return nil
		},
		TooLong: func(line int64) error {
			result.Counts.Add(&ingest.Counts{Read: 1, Rejects: map[ingest.Reason]int64{ingest.ReasonTooLong: 1}})
			result.Rejects = append(result.Rejects, ingest.Reject{Line: line, Reason: ingest.ReasonTooLong})
			return nil
		},
	}
	outcome, err := p.Run(t.Context(), bytes.NewReader(data), format)
	if err != nil {
		t.Fatal(err)
	}
	result.Fault = outcome.Fault
	return result
}

// Check fails the test when the result breaks a rule that holds for any input:
// every record is accounted for, and every event has an account, a plausible
// instant and the local day and hour that belong to it.
func Check(t testing.TB, r *Result) {
	t.Helper()
	if !r.Counts.Balanced() || int(r.Counts.Events) != len(r.Events) || int(r.Counts.Rejected()) != len(r.Rejects) {
		t.Errorf("counts do not add up: %+v", r.Counts)
	}
	for _, e := range r.Events {
		day := e.TsMs/86_400_000 - int64(e.LocalDate)
		least := int32(1)
		if e.Service == ingest.ServiceUnknown && e.Action == ingest.ActionAccess {
			least = 0 // a ticket
		}
		if len(e.Account) == 0 || e.Weight < least || e.LocalHour < 0 || e.LocalHour > 23 || day < -1 || day > 1 {
			t.Errorf("implausible event at %d: day %d, hour %d, weight %d, account of %d bytes",
				e.TsMs, e.LocalDate, e.LocalHour, e.Weight, len(e.Account))
		}
	}
	for _, reject := range r.Rejects {
		if reject.Line < 1 || !known[string(reject.Reason)] {
			t.Errorf("reject without line or with another reason: %+v", reject)
		}
	}
	for _, rule := range r.Ignored {
		if !known[string(rule)] {
			t.Errorf("ignored by another rule: %s", rule)
		}
	}
}

// Clock is the clock of a zone, for tests.
func Clock(t testing.TB, zone string) *ingest.Clock {
	t.Helper()
	c, err := ingest.NewClock(zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Excerpt reads a file of testdata without its licence line (the first, which
// begins with "# SPDX").
func Excerpt(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	licence, rest, _ := bytes.Cut(data, []byte("\n"))
	if !bytes.HasPrefix(licence, []byte("# SPDX-")) {
		t.Fatalf("%s: no licence line", name)
	}
	return rest
}

// Shared reads a file of the shared data folder next to the repository; ok is
// false where the folder is not there.
func Shared(t testing.TB, name string) (data []byte, ok bool) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; len(dir) > 1; dir = filepath.Dir(dir) {
		if data, err = os.ReadFile(filepath.Join(dir, "..", "shared", "data", name)); err == nil {
			return data, true
		}
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	return nil, false
}

// Golden compares the result with testdata/<name>.golden, and writes that when
// update is set.
func Golden(t testing.TB, name string, r *Result, update bool) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "read %d events %d\n", r.Counts.Read, r.Counts.Events)
	for _, k := range ingest.ByCount(r.Counts.Ignored) {
		fmt.Fprintf(&b, "ignored %d %s\n", r.Counts.Ignored[k], k)
	}
	for _, k := range ingest.ByCount(r.Counts.Rejects) {
		fmt.Fprintf(&b, "rejected %d %s\n", r.Counts.Rejects[k], k)
	}
	for _, k := range ingest.ByCount(r.Counts.Unknown) {
		fmt.Fprintf(&b, "unknown %d %s\n", r.Counts.Unknown[k], k)
	}
	for _, j := range r.Rejects {
		fmt.Fprintf(&b, "reject line %d: %s\n", j.Line, j.Reason)
	}
	for _, e := range r.Events {
		fmt.Fprintf(&b, "event ts=%d day=%d hour=%d account=%q school=%q child=%q object=%q id=%d bytes",
			e.TsMs, e.LocalDate, e.LocalHour, e.Account, e.School, e.Child, e.Object, len(e.ID))
		fmt.Fprintf(&b, " profile=%d service=%d action=%d device=%d channel=%d weight=%d\n",
			e.Profile, e.Service, e.Action, e.Device, e.Channel, e.Weight)
	}
	path := filepath.Join("testdata", name+".golden")
	if update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs from its golden (run with -update and look at the difference)\n%s", name, b.String())
	}
}
