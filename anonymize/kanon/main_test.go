package kanon

import (
	"flag"
	"os"
	"testing"
)

// TestMain raises the number of random tables from rapid's 100, unless the
// command line says otherwise, as .ci/long does.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		f.Value.Set("500")
	}
	os.Exit(m.Run())
}
