package formattest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// Sample is what BadInput makes its inputs of. All records have their line end.
type Sample struct {
	// Head stands before the first record: a header, if the format has one.
	Head string
	// Valid is a record that is one event.
	Valid string
	// Old and Future are Valid on a day of 1970 and of 2999.
	Old, Future string
	// Gap is Valid at 02:30 on 2025-03-30 and Overlap at 02:30 on 2025-10-26, in
	// the local time of Paris; empty for a format whose times are instants.
	Gap, Overlap string
	// Separator stands between fields.
	Separator string
}

// overlap is the first of the two instants that 02:30 on 2025-10-26 is.
const overlap = 1761438600000

// BadInput runs a format, in the zone Europe/Paris, over what logs go through:
// cut short, full of NUL bytes, lines without end, a million columns, days that
// cannot be, clocks that go back, records that come twice.
func BadInput(t *testing.T, format ingest.Format, s Sample) {
	decodes := func(t *testing.T, text string) *Result {
		r := Decode(t, format, []byte(text))
		Check(t, r)
		return r
	}
	head := decodes(t, s.Head).Counts.Read
	reject := func(text string, reason ingest.Reason) func(*testing.T) {
		return func(t *testing.T) {
			if text == "" {
				t.Skip("the times of this format are instants")
			}
			r := decodes(t, s.Head+text+s.Valid)
			if r.Counts.Read != head+2 || r.Counts.Events != 1 || r.Counts.Rejects[reason] != 1 {
				t.Errorf("%+v, want one reject: %s", r.Counts, reason)
			}
		}
	}
	t.Run("valid", func(t *testing.T) {
		if r := decodes(t, s.Head+s.Valid); r.Counts.Read != head+1 || r.Counts.Events != 1 {
			t.Fatalf("%+v, want one event", r.Counts)
		}
	})
	t.Run("1970", reject(s.Old, ingest.ReasonTimeRange))
	t.Run("far future", reject(s.Future, ingest.ReasonTimeRange))
	t.Run("daylight saving gap", reject(s.Gap, ingest.ReasonTimeGap))
	t.Run("daylight saving overlap", func(t *testing.T) {
		if s.Overlap == "" {
			t.Skip("the times of this format are instants")
		}
		r := decodes(t, s.Head+s.Overlap)
		if len(r.Events) != 1 {
			t.Fatalf("%+v, want one event", r.Events)
		}
		if e := r.Events[0]; e.TsMs/1000 != overlap/1000 || e.LocalHour != 2 {
			t.Errorf("%+v, want an event at %d", e, overlap)
		}
	})
	t.Run("clock going back", func(t *testing.T) {
		later := s.Overlap
		if later == "" {
			later = s.Valid
		}
		if r := decodes(t, s.Head+later+s.Valid+later); r.Counts.Events != 3 {
			t.Errorf("%+v, want three events", r.Counts)
		}
	})
	t.Run("the same record twice", func(t *testing.T) {
		if r := decodes(t, s.Head+s.Valid+s.Valid); len(r.Events) != 2 || !bytes.Equal(r.Events[0].ID, r.Events[1].ID) {
			t.Errorf("%+v, want two events of one identifier", r.Events)
		}
	})
	t.Run("cut short anywhere", func(t *testing.T) { cutShort(t, format, &s, head) })
	t.Run("NUL bytes", func(t *testing.T) {
		nul := strings.Repeat("\x00", 4096)
		if r := decodes(t, s.Head+s.Valid+nul+"\n"+s.Valid); r.Counts.Events != 2 {
			t.Errorf("%+v, want two events", r.Counts)
		}
		if r := decodes(t, s.Head+s.Valid+nul+s.Valid); r.Counts.Events < 1 || r.Counts.Read > head+2 {
			t.Errorf("%+v, want an event and at most one record more", r.Counts)
		}
	})
	t.Run("invalid text", func(t *testing.T) {
		for _, bad := range []string{"\xff\xfe", "\xc3", "\xed\xa0\x80", "\r", "\x1b[31m"} {
			if r := decodes(t, s.Head+s.Valid+bad+"\n"+s.Valid); r.Counts.Events != 2 {
				t.Errorf("%q: %+v, want two events", bad, r.Counts)
			}
		}
	})
	bounded := func(t *testing.T, input io.Reader) ingest.Counts {
		t.Helper()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		found, err := ingest.Account(context.Background(), input, format, 1, nil)
		runtime.ReadMemStats(&after)
		if err != nil || !found.Balanced() {
			t.Fatalf("%v %+v", err, found)
		}
		if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 24 {
			t.Errorf("%d MiB were allocated", grown)
		}
		return found.Counts
	}
	t.Run("line without end", func(t *testing.T) {
		for _, fill := range []string{"x", `"`, "{", " ", s.Separator} {
			endless := &repeated{text: strings.Repeat(fill, 64<<10/len(fill)), left: 256 << 20}
			counts := bounded(t,
				io.MultiReader(strings.NewReader(s.Head+s.Valid), endless, strings.NewReader("\n"+s.Valid)))
			if counts.Events < 1 || counts.Read > head+4 {
				t.Errorf("%q: %+v", fill, counts)
			}
		}
	})
	t.Run("a million columns", func(t *testing.T) {
		for _, cell := range []string{"", "x"} {
			row := strings.Repeat(cell+s.Separator, 1_000_000) + "\n"
			counts := bounded(t, strings.NewReader(s.Head+s.Valid+row+s.Valid))
			if counts.Events < 1 || counts.Read > head+3 {
				t.Errorf("%+v, want two events, or the first with all that follows it too long", counts)
			}
			bounded(t, strings.NewReader(row+row)) // as a header
		}
	})
	t.Run("a file of line ends", func(t *testing.T) {
		if counts := bounded(t, &repeated{text: strings.Repeat("\r\n\n", 1000), left: 16 << 20}); counts.Read != 0 {
			t.Errorf("%+v, want no record", counts)
		}
	})
}

// cutShort cuts the valid record at every byte. What is left is one record or
// none, and takes nothing with it that stands on another line.
func cutShort(t *testing.T, format ingest.Format, s *Sample, head int64) {
	_, lines := format.Open([]byte(s.Head + s.Valid)).Framing.(ingest.Lines)
	for n := range len(s.Valid) {
		r := Decode(t, format, []byte(s.Head+s.Valid[:n]))
		Check(t, r)
		if r.Counts.Read > head+1 {
			t.Fatalf("cut at %d: %+v", n, r.Counts)
		}
		r = Decode(t, format, []byte(s.Head+s.Valid[:n]+"\n"+s.Valid))
		Check(t, r)
		if lines && r.Counts.Events < 1 {
			t.Fatalf("cut at %d, then a valid record: %+v", n, r.Counts)
		}
	}
}

// repeated reads a text over and over.
type repeated struct {
	text string
	at   int
	left int64
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.left -= int64(n)
	return n, nil
}

// known are the reasons and rules that there are: a text of any other origin
// could be a record's.
var known = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range []ingest.Reason{
		ingest.ReasonMalformed, ingest.ReasonTruncated, ingest.ReasonEncoding, ingest.ReasonTooLong,
		ingest.ReasonFields, ingest.ReasonTimestamp, ingest.ReasonTimeRange, ingest.ReasonTimeGap,
		ingest.ReasonNoAccount, ingest.ReasonType, ingest.ReasonMissingField, ingest.ReasonUnknownValue,
	} {
		m[fmt.Sprint(r)] = true
	}
	for _, r := range []ingest.Rule{
		ingest.RuleStatic, ingest.RuleRobot, ingest.RuleKeepAlive, ingest.RuleHealth, ingest.RuleAnonymous,
		ingest.RuleNotActivity,
		ingest.RuleOtherLogger, ingest.RuleComment, ingest.RuleFailed, ingest.RuleSurrogate,
	} {
		m[fmt.Sprint(r)] = true
	}
	return m
}()
