package directory

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/tabular"
)

// TestScale measures a directory of SCALE parents (SCALE=1000000 go test -run
// TestScale -v); it runs small otherwise, to keep it honest.
func TestScale(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("SCALE"))
	if err != nil {
		n = 1000
	}
	m := &tabular.Mapping{Columns: map[string]any{"person": "p", "account": "a", "profile": "f", "created": "c"},
		Date: "2006-01-02"}
	start := time.Now()
	d, err := Read(context.Background(), Options{
		AAF:      []string{"ENT_Complet_20250901_Eleve_0000.xml", "ENT_Complet_20250901_PersRelEleve_0000.xml"},
		Accounts: []Table{{Files: []string{"accounts.csv"}, Accounts: "entcore", Mapping: m}}, Start: 20339, End: 20436,
		Zone: time.UTC,
		Open: func(name string) (io.ReadCloser, error) {
			r, w := io.Pipe()
			go func() {
				b := bufio.NewWriterSize(w, 1<<16)
				writeScale(b, name, n)
				b.Flush()
				w.Close()
			}()
			return r, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Persons) != 2*n || len(d.Links) != 2*n || len(d.Accounts) != 2*n {
		t.Errorf("%d persons, %d links, %d accounts", len(d.Persons), len(d.Links), len(d.Accounts))
	}
	peak, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(peak), "\n") {
		if strings.HasPrefix(line, "VmHWM") {
			t.Log(line)
		}
	}
	took := time.Since(start)
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	t.Logf("%d parents: %v, %d MB live", n, took, s.HeapAlloc>>20)
	runtime.KeepAlive(d)
}

func writeScale(b *bufio.Writer, name string, n int) {
	category := "Eleve"
	if strings.Contains(name, "PersRel") {
		category = "PersRelEleve"
	}
	if strings.HasSuffix(name, ".csv") {
		b.WriteString("p;a;f;c\n")
		for i := range n {
			fmt.Fprintf(b, "%d;3f2a9c1e-77aa-4b1c-9d0e-%012d;parent;2025-09-01\n", 3000000+i, i)
			fmt.Fprintf(b, "%d;4f2a9c1e-77aa-4b1c-9d0e-%012d;pupil;2025-09-01\n", 1000000+i, i)
		}
		return
	}
	b.WriteString("<ficAlimMENESR>\n")
	for i := range n {
		fmt.Fprintf(b,
			`<addRequest><operationalAttributes><attr `+
				`name="categoriePersonne"><value>%s</value></attr></operationalAttributes>`, category)
		if category == "Eleve" {
			fmt.Fprintf(b,
				`<identifier><id>%d</id></identifier><attributes><attr name="sn"><value>X</value></attr><attr `+
					`name="ENTEleveNivFormation"><value>6EME</value></attr><attr `+
					`name="ENTElevePersRelEleve"><value>%d$2$1$1$0$0</value><value>%d$1$0$2$0$0</value></attr><attr `+
					`name="ENTEleveClasses"><value>%07dX$6%d</value></attr></attributes></addRequest>`, 1000000+i,
				3000000+i, 3000000+(i+1)%n, 100+i/500, i/30%16)
		} else {
			fmt.Fprintf(b,
				`<identifier><id>%d</id></identifier><attributes><attr name="sn"><value>X</value></attr><attr `+
					`name="mail"><value>x@y.z</value></attr></attributes></addRequest>`, 3000000+i)
		}
		b.WriteByte('\n')
	}
	b.WriteString("</ficAlimMENESR>\n")
}
