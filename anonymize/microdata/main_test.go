package microdata

import (
	"flag"
	"os"
	"testing"
)

// TestMain lowers the number of random tables: each is written, loaded and
// recounted by SQL.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		f.Value.Set("100")
	}
	os.Exit(m.Run())
}
