package pseudonym

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// RFC 4231, section 4: HMAC-SHA-256 of the test cases (case 5 is truncated to 128 bits).
func TestCoreRFC4231(t *testing.T) {
	rep := func(s string, n int) string { return string(bytes.Repeat([]byte(s), n)) }
	for _, test := range []struct{ name, key, data, mac string }{
		{"1", rep("\x0b", 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"2", "Jefe", "what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"3", rep("\xaa", 20), rep("\xdd", 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
		{"4", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
			rep("\xcd", 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
		{"5", rep("\x0c", 20), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
		{"6", rep("\xaa", 131), "Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
		{"7", rep("\xaa", 131),
			"This is a test using a larger than block-size key and a larger than block-size data. The key needs to " +
				"be hashed before being used by the HMAC algorithm.",
			"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
	} {
		for cut := 0; cut <= len(test.data); cut += 7 { // any part of the message may be the stored prefix
			c := newCore([]byte(test.key), []byte(test.data[:cut]))
			for range 2 {
				sum := c.sum([]byte(test.data[cut:]))
				if got := hex.EncodeToString(sum[:len(test.mac)/2]); got != test.mac {
					t.Errorf("case %s, prefix %d: %s, want %s", test.name, cut, got, test.mac)
				}
			}
		}
	}
}

// The pseudonym recomputed with crypto/hmac from its documented definition.
func TestHasherDefinition(t *testing.T) {
	k := testStudy(t)
	rapid.Check(t, func(t *rapid.T) {
		namespace := rapid.String().Draw(t, "namespace")
		id := rapid.SliceOf(rapid.Byte()).Draw(t, "id")
		var message []byte
		for _, part := range []string{"v1", "usages-familles", "2025-2026", namespace} {
			message = append(message, byte(len(part)>>24), byte(len(part)>>16), byte(len(part)>>8), byte(len(part)))
			message = append(message, part...)
		}
		for len(message)%64 != 0 {
			message = append(message, 0)
		}
		mac := hmac.New(sha256.New, k.key.bytes[:])
		mac.Write(append(message, id...))
		got := k.Hasher(namespace).Sum(id)
		if !bytes.Equal(got[:], mac.Sum(nil)[:16]) {
			t.Fatalf("pseudonym differs from its definition")
		}
	})
}

func TestPseudonymsDoNotLink(t *testing.T) {
	m := testMaster(t)
	study := func(purpose, year string, salt byte) *StudyKey {
		k, err := m.Study(purpose, year, [32]byte{salt})
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	id := []byte("1234567")
	seen := map[[16]byte]int{}
	for i, h := range []*Hasher{
		study("p", "2025-2026", 1).Hasher("aaf/parent"),
		study("p", "2025-2026", 1).Hasher("aaf/pupil"),
		study("p", "2026-2027", 1).Hasher("aaf/parent"),
		study("q", "2025-2026", 1).Hasher("aaf/parent"),
		study("p", "2025-2026", 2).Hasher("aaf/parent"),
		study("p2025", "-2026", 1).Hasher("aaf/parent"),
	} {
		p := h.Sum(id)
		if j, ok := seen[p]; ok {
			t.Errorf("contexts %d and %d give one pseudonym", i, j)
		}
		seen[p] = i
		if h.Sum(id) != p || h.Key(id) != PersonKey(p) {
			t.Errorf("context %d: two sums differ", i)
		}
	}
	if a, b := study("p", "2025-2026", 1), study("p", "2025-2026", 2); a.ID() == b.ID() || len(a.ID()) != 16 {
		t.Error("check values")
	}
}

// Golden values: a change here unlinks every restricted zone in use.
func TestPseudonymGolden(t *testing.T) {
	k := testStudy(t)
	p := k.Hasher("aaf/parent").Sum([]byte("2867253"))
	if got, want := hex.EncodeToString(p[:]), "6123e3a826f308310412c5b60ac4eb5b"; got != want {
		t.Errorf("pseudonym %s, want %s", got, want)
	}
	if got, want := k.PRF("cluster").Uint64(1, -2), uint64(13969437490113956454); got != want {
		t.Errorf("prf %d, want %d", got, want)
	}
	if got, want := k.ID(), "c8ea3f9737bd74b3"; got != want {
		t.Errorf("check value %s, want %s", got, want)
	}
}

func TestPRF(t *testing.T) {
	k := testStudy(t)
	p := k.PRF("cluster")
	if p.Uint64(1, 2) != k.PRF("cluster").Uint64(1, 2) {
		t.Error("not a function of its arguments")
	}
	if p.Uint64(1) == p.Uint64(1, 0) || p.Uint64() == p.Uint64(0) || p.Uint64(1, 2) == p.Uint64(2, 1) ||
		p.Uint64(1) == k.PRF("noise").Uint64(1) {
		t.Error("collision of unlike arguments")
	}
	const n = 20000 // mean of n uniforms: σ = 1/√(12 n) = 0.002; 5σ
	sum := 0.0
	for i := range int64(n) {
		sum += float64(p.Uint64(i)>>11) * 0x1p-53
	}
	if mean := sum / n; mean < 0.49 || mean > 0.51 {
		t.Errorf("mean %v", mean)
	}
}

func TestBucket(t *testing.T) {
	for _, test := range []struct {
		key    int64
		bits   int
		bucket int
	}{{0, 4, 0}, {-1, 4, 15}, {1 << 62, 4, 4}, {-1 << 63, 4, 8}, {-1, 0, 0}} {
		if got := Bucket(test.key, test.bits); got != test.bucket {
			t.Errorf("Bucket(%d, %d) = %d, want %d", test.key, test.bits, got, test.bucket)
		}
	}
}

func TestSumDoesNotAllocate(t *testing.T) {
	k := testStudy(t)
	h, p := k.Hasher("account/entcore"), k.PRF("x")
	id := []byte("3f2a9c1e-77aa-4b1c-9d0e-123456789abc")
	p.Uint64(1, 2, 3)
	if n := testing.AllocsPerRun(100, func() { h.Sum(id); h.Key(id); p.Uint64(1, 2, 3) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSum(b *testing.B) {
	h := testStudy(b).Hasher("account/entcore")
	id := []byte("3f2a9c1e-77aa-4b1c-9d0e-123456789abc")
	b.ReportAllocs()
	for b.Loop() {
		h.Sum(id)
	}
}

// What has left is remembered across salts, purposes and years, and says nothing
// of a study's pseudonyms.
func TestLastingOutlivesAStudy(t *testing.T) {
	master := &MasterKey{key: &secret{&[32]byte{1, 2, 3}}}
	one, err := master.Study("usage", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	other, err := master.Study("another purpose", "2026-2027", [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	id := []byte("p-1")
	if one.Lasting("person/aaf").Key(id) != other.Lasting("person/aaf").Key(id) {
		t.Error("the lasting key of a person changed with the study")
	}
	if one.Lasting("person/aaf").Key(id) == one.Lasting("person/moodle").Key(id) {
		t.Error("two namespaces share a key")
	}
	if one.Lasting("aaf").Key(id) == one.Hasher("aaf").Key(id) {
		t.Error("a lasting key is a pseudonym")
	}
	sealed, err := one.lasting.Seal("sketch", []byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := other.lasting.Open("sketch", sealed); err != nil || string(text) != "text" {
		t.Errorf("opened %q, %v", text, err)
	}
	if _, err := one.lasting.Open("other", sealed); err == nil {
		t.Error("opened under another label")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := one.lasting.Open("sketch", sealed); err == nil {
		t.Error("opened what was altered")
	}
	stranger, err := (&MasterKey{key: &secret{&[32]byte{9}}}).Study("usage", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	if stranger.Lasting("person/aaf").Key(id) == one.Lasting("person/aaf").Key(id) {
		t.Error("another master key gives the same person")
	}
}

// A person has one record key under every salt, purpose and year, and nothing else of a
// pseudonym outlives them.
func TestRecordKeysOutliveAStudy(t *testing.T) {
	master := &MasterKey{key: &secret{&[32]byte{1, 2, 3}}}
	one, err := master.Study("usage", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	other, err := master.Study("another purpose", "2026-2027", [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	id := []byte("p-1")
	p, q := one.Persons("aaf/parent").Sum(id), other.Persons("aaf/parent").Sum(id)
	if [4]byte(p[4:8]) != [4]byte(q[4:8]) {
		t.Error("the record key changed with the study")
	}
	plain := one.Hasher("aaf/parent").Sum(id)
	if [4]byte(p[:4]) != [4]byte(plain[:4]) || [8]byte(p[8:]) != [8]byte(plain[8:]) {
		t.Error("more than the record key differs from the pseudonym of the namespace")
	}
	if [4]byte(p[:4]) == [4]byte(q[:4]) || [8]byte(p[8:]) == [8]byte(q[8:]) {
		t.Error("more than the record key outlives the study")
	}
	if r := one.Persons("aaf/pupil").Sum(id); [4]byte(p[4:8]) == [4]byte(r[4:8]) {
		t.Error("two namespaces share a record key")
	}
	if one.LastingPRF("noise").Uint64(7) != other.LastingPRF("noise").Uint64(7) {
		t.Error("the lasting function changed with the study")
	}
	if one.LastingPRF("noise").Uint64(7) == one.LastingPRF("order").Uint64(7) {
		t.Error("two labels share a function")
	}
}
