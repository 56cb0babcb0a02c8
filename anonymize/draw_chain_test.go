//go:build chain

package anonymize

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
)

// unread are the columns of the zone that no cell can show by themselves: numbers under the salt that only tell rows
// apart or together, and what others imply.
var unread = map[string]string{
	"people/pseudonym":     "the person, once more",
	"accounts/account_key": "its person has as many", "events/delivery": "the order in which it came",
	"events/object_key": "tells records of an instant apart", "events/event_key": "tells records apart",
	"messages/sent_date": "the day of sent_ms", "messages/sent_hour": "the hour of sent_ms",
	"messages/message_key": "tells the copies of a message apart, of which a row has one here",
}

// TestDrawSeesEveryValue changes one value of every column of the zone in turn: the noise is another, or the cells that
// change would be those of whom the value is of.
func TestDrawSeesEveryValue(t *testing.T) {
	g := named(3, 6)
	o := drawOptions(t, g)
	z := g.writeTo(t, diskZone{t.TempDir(), 1})
	first := drawOf(t, o, z)
	files, err := os.ReadDir(z.dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		table := strings.TrimSuffix(f.Name(), ".parquet")
		if strings.HasPrefix(table, "events-") {
			table = "events"
		}
		path := filepath.Join(z.dir, f.Name())
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for column, name := range columns(t, path) {
			if unread[table+"/"+name] != "" {
				continue
			}
			seen++
			if !slices.ContainsFunc([]int{2, 1, 3}, func(quarter int) bool { // a stranger may stay one
				alter(t, path, column, quarter)
				other := drawOf(t, o, z)
				if err := os.WriteFile(path, whole, 0o600); err != nil {
					t.Fatal(err)
				}
				return other != first
			}) {
				t.Errorf("%s.%s: another value leaves the noise as it was", table, name)
			}
		}
	}
	if seen < 80 {
		t.Fatalf("only %d columns were changed", seen)
	}
}

// open opens a Parquet file until the test ends.
func open(t *testing.T, path string) *parquet.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	of, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return of
}

func columns(t *testing.T, path string) (names []string) {
	t.Helper()
	for _, c := range open(t, path).Schema().Columns() {
		names = append(names, c[0])
	}
	return names
}

// alter changes the value of a column in the row after so many quarters of a file.
func alter(t *testing.T, path string, column, quarter int) {
	t.Helper()
	of := open(t, path)
	rows := make([]parquet.Row, of.NumRows())
	reader := parquet.NewReader(of)
	defer reader.Close()
	if n, err := reader.ReadRows(rows); err != nil && err != io.EOF || n < len(rows) {
		t.Fatal(n, err)
	}
	row := rows[quarter*len(rows)/4]
	at := slices.IndexFunc(row, func(v parquet.Value) bool { return v.Column() == column })
	var changed parquet.Value
	switch v := row[at]; v.Kind() {
	case parquet.Boolean:
		changed = parquet.BooleanValue(!v.Boolean())
	case parquet.Int32:
		changed = parquet.Int32Value(v.Int32() + 1)
	case parquet.Int64:
		changed = parquet.Int64Value(v.Int64() + 1)
	default:
		changed = parquet.ByteArrayValue(append(slices.Clone(v.ByteArray()), 'x'))
	}
	row[at] = changed.Level(row[at].RepetitionLevel(), row[at].DefinitionLevel(), column)
	out, err := os.Create(path + ".new")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := parquet.NewWriter(out, of.Schema())
	if _, err := w.WriteRows(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// TestRedrawnIsMadeAnew: an edition of behaviours from which another was made, under another noise and draw, is the one
// of behaviours of its own.
func TestRedrawnIsMadeAnew(t *testing.T) {
	o := options(t, named(4, 40))
	behaviours := behavioursOf(t, o, releaseFloors)
	defer behaviours.Close()
	cellsAs(t, o, behaviours, releaseFloors, perturb.Parameters{})
	o.draw = "another"
	noise := o.Research.Cells.Perturbation.Parameters()
	sums, times := cellsAs(t, o, behaviours, releaseFloors, noise)
	anew, timesAnew := cellsOf(t, o, releaseFloors, noise)
	if len(sums) < 500 || len(times) < 50 || !slices.Equal(sums, anew) || !slices.Equal(times, timesAnew) {
		t.Errorf("%d and %d sums, %d and %d times", len(sums), len(anew), len(times), len(timesAnew))
	}
}

// TestOtherCellsDrawAnew: of a record that was corrected the delivery that came first counts, which no census sees. The
// noise is another all the same, since the cells are.
func TestOtherCellsDrawAnew(t *testing.T) {
	g := named(12, 25)
	for i, e := range slices.Clone(g.events) {
		e.EventKey, g.events[i].EventKey = int64(i)+1, int64(i)+1
		e.Delivery, e.Device = 2, (e.Device+1)%3
		g.events = append(g.events, e)
	}
	o := drawOptions(t, g)
	corrected := o
	for i := range g.events {
		g.events[i].Delivery = 3 - g.events[i].Delivery
	}
	corrected.Zone, corrected.Out = g.write(t), t.TempDir()
	copied := o
	copied.Out = t.TempDir()
	elsewhere := map[string]string{}
	for i, made := range []Options{o, copied, corrected} {
		rows, m := families(t, made)
		if i < 2 {
			tells(t, rows, m, edition.Families(), nil)
			continue
		}
		for _, family := range edition.Families() {
			elsewhere[family] = "research-" + o.Study.Term
		}
		tells(t, rows, m, nil, elsewhere) // also what was made under the first draw and is made again
	}
	draws := map[string]bool{}
	for _, e := range o.Releases.Entries() {
		draws[e.Draw] = true
	}
	if drawOf(t, o, corrected.Zone) != drawOf(t, o, o.Zone) {
		t.Fatal("the census sees the order of deliveries: this test asks nothing")
	}
	if n := len(o.Releases.Entries()); n != 4 || len(draws) != 2 {
		t.Errorf("%d editions of %d draws, want two of each", n, len(draws))
	}
}
