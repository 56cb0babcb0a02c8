package microdata

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/kanon"
	"pgregory.net/rapid"
)

// person is a row of a table with one row a person.
type person struct{ id, age, place, secret string }

// releasePersons writes the persons and anonymises them; the files by name.
func releasePersons(dir string, persons []person, policy string) (*Report, map[string][]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	in, rules, out := filepath.Join(dir, "in.csv"), filepath.Join(dir, "policy.toml"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, tableOf(persons), 0o600); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(rules, []byte(policy), 0o600); err != nil {
		return nil, nil, err
	}
	r, err := Anonymize(context.Background(), Job{Input: in, Policy: rules, Out: out, Threads: 1})
	if err != nil {
		return nil, nil, err
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		return nil, nil, err
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(out, e.Name())); err != nil {
			return nil, nil, err
		}
	}
	return r, files, nil
}

func tableOf(persons []person) []byte {
	var b bytes.Buffer
	b.WriteString("id,age,place,secret\n")
	for _, p := range persons {
		fmt.Fprintf(&b, "%s,%s,%s,%s\n", p.id, p.age, p.place, p.secret)
	}
	return b.Bytes()
}

// Two tables that differ only in who bears what inside a class, and in the order
// of their rows, are one release: no byte of the folder tells them apart.
func TestReleaseDependsOnReleasedValuesOnly(t *testing.T) {
	base, n, compared := t.TempDir(), 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		n++
		persons := make([]person, rapid.IntRange(8, 40).Draw(rt, "persons"))
		for i := range persons {
			persons[i] = person{
				id:     fmt.Sprintf("p%02d", i),
				age:    fmt.Sprint(rapid.IntRange(10, 25).Draw(rt, "age")),
				place:  rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "place"),
				secret: rapid.SampledFrom([]string{"yes", "no", "maybe"}).Draw(rt, "secret"),
			}
		}
		recoding := rapid.SampledFrom(recodings).Draw(rt, "recoding")
		policy := fmt.Sprintf("person = \"id\"\nk = %d\nsuppression_limit = 0.3\nrecoding = %q\n",
			rapid.IntRange(2, 4).Draw(rt, "k"), recoding) +
			"[[quasi_identifier]]\nname = \"age\"\nhierarchy = { truncate = [1] }\n[[quasi_identifier]]\n" +
			"name = \"place\"\n" +
			"[[sensitive]]\nname = \"secret\"\n" + rapid.SampledFrom([]string{"distinct_l = 2", "entropy_l = 1.2",
			"t = 0.6\ndistance = \"equal\"", "beta = 2.0"}).Draw(rt, "model") + "\n"
		r, files, err := releasePersons(filepath.Join(base, fmt.Sprint(n, "a")), persons, policy)
		if errors.Is(err, kanon.ErrUnsatisfiable) {
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		// Which persons are together in a class follows from the levels.
		class := func(p person) string {
			age, place := p.age, p.place
			if level := r.Transformation["age"]; level > 0 {
				age = age[:max(0, len(age)-level)]
				if level > 1 {
					age = ""
				}
			}
			if r.Transformation["place"] > 0 {
				place = ""
			}
			return age + "," + place
		}
		other := slices.Clone(persons)
		for i := range other {
			j := rapid.IntRange(0, i).Draw(rt, "with")
			if recoding == "full-domain" && class(other[i]) == class(other[j]) ||
				other[i].age == other[j].age && other[i].place == other[j].place {
				other[i].secret, other[j].secret = other[j].secret, other[i].secret
			}
		}
		other = rapid.Permutation(other).Draw(rt, "order")
		r2, files2, err := releasePersons(filepath.Join(base, fmt.Sprint(n, "b")), other, policy)
		if err == nil && recoding == "full-domain" && !maps.Equal(r.Transformation, r2.Transformation) {
			return // the finer nodes meet the policy in one of them only: another release
		}
		if err != nil {
			rt.Fatal(err)
		}
		compared[recoding]++
		for name := range files {
			if !bytes.Equal(files[name], files2[name]) {
				rt.Fatalf("%s differs:\n%.2000s\n%.2000s", name, files[name], files2[name])
			}
		}
		if len(files) != len(files2) {
			rt.Fatalf("%d and %d files", len(files), len(files2))
		}
	})
	for _, recoding := range recodings {
		if compared[recoding] < 5 {
			t.Errorf("%s: only %d pairs of tables compared", recoding, compared[recoding])
		}
	}
}

// An adversary who knows the quasi-identifiers of everybody and the form of the
// file tries every assignment of the secret against every digest of the folder.
func TestNoFileIsAnOracleOfTheSecrets(t *testing.T) {
	const count = 12
	persons := make([]person, count)
	for i := range persons {
		persons[i] = person{id: fmt.Sprintf("P%02d", i), age: fmt.Sprint(10 + i/6), place: "a",
			secret: []string{"no", "yes"}[i*i%3%2]}
	}
	_, files, err := releasePersons(t.TempDir(), persons,
		"person = \"id\"\nk = 6\n[[quasi_identifier]]\nname = \"age\"\n[[sensitive]]\nname = \"secret\"\n"+
			"distinct_l = 2\n")
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.Join(slices.Collect(maps.Values(files)), nil)
	for yes := range uint(1) << count {
		if bits.OnesCount(yes) == 0 {
			continue
		}
		guess := slices.Clone(persons)
		for i := range guess {
			guess[i].secret = []string{"no", "yes"}[yes>>i&1]
		}
		text := tableOf(guess)
		a, b, c, d := sha256.Sum256(text), sha1.Sum(text), md5.Sum(text), sha512.Sum512(text)
		for _, sum := range [][]byte{a[:], b[:], c[:], d[:]} {
			if bytes.Contains(all, []byte(hex.EncodeToString(sum[:8]))) || bytes.Contains(all, sum[:8]) {
				t.Fatalf("a digest of the assignment %0*b stands in the folder", count, yes)
			}
		}
	}
}
