package microdata

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// TestFolderDoesNotTellWhoBearsWhat anonymises two inputs that differ only in who
// bears which sensitive value inside a class: every byte of the two folders must be
// equal, or the folder is an oracle against which assignments can be tried.
func TestFolderDoesNotTellWhoBearsWhat(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		n := rapid.IntRange(8, 40).Draw(r, "rows")
		groups := make([]int, n)
		secrets := make([]string, n)
		for i := range n {
			groups[i] = i % 2
			secrets[i] = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "secret")
		}
		moved := append([]string(nil), secrets...)
		for i := n - 1; i > 1; i-- { // within a class: rows of one parity
			j := rapid.IntRange(0, i/2).Draw(r, "with")*2 + i%2
			if j <= i {
				moved[i], moved[j] = moved[j], moved[i]
			}
		}
		folder := func(name string, secrets []string) map[string][]byte {
			base := filepath.Join(dir, fmt.Sprintf("%d-%s", run, name))
			var text bytes.Buffer
			text.WriteString("person;group;age;secret\n")
			for i := range n {
				fmt.Fprintf(&text, "p%d;g%d;%d;%s\n", i, groups[i], 20+i, secrets[i])
			}
			input, policy := base+".csv", base+".toml"
			for path, data := range map[string][]byte{input: text.Bytes(), policy: []byte(`person = "person"
k = 4
[[quasi_identifier]]
name = "group"
max_level = 0
[[quasi_identifier]]
name = "age"
[[sensitive]]
name = "secret"
t = 0.9
distance = "equal"
`)} {
				if err := os.WriteFile(path, data, 0o600); err != nil {
					r.Fatal(err)
				}
			}
			if _, err := Anonymize(context.Background(), Job{Input: input, Policy: policy, Out: base, Software: "entscope test", Threads: 1}); err != nil {
				r.Fatal(err)
			}
			files := map[string][]byte{}
			entries, err := os.ReadDir(base)
			if err != nil {
				r.Fatal(err)
			}
			for _, e := range entries {
				if files[e.Name()], err = os.ReadFile(filepath.Join(base, e.Name())); err != nil {
					r.Fatal(err)
				}
			}
			return files
		}
		one, other := folder("one", secrets), folder("other", moved)
		if len(one) == 0 || len(one) != len(other) {
			r.Fatalf("%d and %d files", len(one), len(other))
		}
		for name, data := range one {
			if !bytes.Equal(data, other[name]) {
				r.Errorf("%s tells who bears what inside a class", name)
			}
		}
	})
}
