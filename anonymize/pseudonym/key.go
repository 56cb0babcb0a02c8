package pseudonym

import (
	"bufio"
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/entscope/entscope/anonymize/durable"
)

// keyHeader opens a plain key file; the second line is the key in hexadecimal,
// the third a check value that catches a mistyped or wrongly recombined backup.
const keyHeader = "ENTSCOPE-MASTER-KEY-V1"

// maxKeyFile bounds what is read from a key file.
const maxKeyFile = 64 << 10

// ErrKeyRefused is wrapped by every error about a key that is present but must
// not be used: placeholder, too short, of low entropy, readable by others.
var ErrKeyRefused = errors.New("key refused")

// MasterKey is the secret of the controller: 256 random bits from which the key
// of each study is derived. It prints as a placeholder.
type MasterKey struct {
	redacted
	key *secret
}

// secret is a key, two pointers away from whoever holds it: fmt cannot call the
// Format of an unexported field and follows one pointer there (with a verb that
// does not fit), then shows an address.
type secret struct{ bytes *[32]byte }

// CreateKey draws a master key from the system's generator and writes it to
// path, which must not exist: encrypted to the age recipients ("age1…") if
// there are any, as a plain file of mode 0600 otherwise.
func CreateKey(path string, recipients []string) error {
	var key [32]byte
	rand.Read(key[:])
	return RestoreKey(path, recipients, key)
}

// RestoreKey writes a given master key as CreateKey would: from a paper backup,
// or the published key of a synthetic study. Weak keys are refused.
func RestoreKey(path string, recipients []string, key [32]byte) error {
	if err := weakKey(key[:]); err != nil {
		return fmt.Errorf("pseudonym: write key %s: %w", path, err)
	}
	text := fmt.Sprintf("%s\n%x\ncheck %s\n", keyHeader, key, checkValue(key[:]))
	content := []byte(text)
	if len(recipients) > 0 {
		var err error
		if content, err = encryptTo(recipients, content); err != nil {
			return fmt.Errorf("pseudonym: write key %s: %w", path, err)
		}
	}
	if err := writeSecret(path, content); err != nil {
		return fmt.Errorf("pseudonym: write key: %w", err)
	}
	return nil
}

func encryptTo(recipients []string, content []byte) ([]byte, error) {
	to, err := age.ParseRecipients(strings.NewReader(strings.Join(recipients, "\n")))
	if err != nil {
		return nil, fmt.Errorf("age recipients: %w (hint: each is a public key that begins with age1, as age-keygen prints it)", err)
	}
	var out bytes.Buffer
	a := armor.NewWriter(&out)
	w, err := age.Encrypt(a, to...)
	if err != nil {
		return nil, fmt.Errorf("age: %w", err)
	}
	if _, err := w.Write(content); err != nil {
		return nil, fmt.Errorf("age: %w", err)
	}
	if err := errors.Join(w.Close(), a.Close()); err != nil {
		return nil, fmt.Errorf("age: %w", err)
	}
	return out.Bytes(), nil
}

// LoadKey reads the master key of path. identityPath names the age identity
// file that opens an encrypted key; it is not read for a plain one. A key that
// is a placeholder, short, of low entropy or readable by others is refused.
func LoadKey(path, identityPath string) (*MasterKey, error) {
	m, err := loadKey(path, identityPath)
	if err != nil {
		return nil, fmt.Errorf("pseudonym: load key %s: %w", path, err)
	}
	return m, nil
}

func loadKey(path, identityPath string) (*MasterKey, error) {
	content, mode, err := readBounded(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w (hint: entscope key init makes one)", err)
		}
		return nil, err
	}
	if isAge(content) {
		if content, err = decrypt(content, identityPath); err != nil {
			return nil, err
		}
	} else if mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: mode %04o lets others use the file (hint: chmod 600, and treat the key as compromised if the host is shared)", ErrKeyRefused, mode)
	}
	key, err := parseKey(content)
	if err != nil {
		return nil, err
	}
	return &MasterKey{key: &secret{key}}, nil
}

func isAge(content []byte) bool {
	return bytes.HasPrefix(content, []byte(armor.Header)) || bytes.HasPrefix(content, []byte("age-encryption.org/"))
}

func decrypt(content []byte, identityPath string) ([]byte, error) {
	if identityPath == "" {
		return nil, errors.New("the key is age-encrypted and no identity is given (hint: set key.identity)")
	}
	text, mode, err := readBounded(identityPath)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	if mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: identity %s has mode %04o, others can use it (hint: chmod 600)", ErrKeyRefused, identityPath, mode)
	}
	ids, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		// age quotes the line it could not read: a secret.
		return nil, fmt.Errorf("identity %s holds no age identity", identityPath)
	}
	var in io.Reader = bytes.NewReader(content)
	if bytes.HasPrefix(content, []byte(armor.Header)) {
		in = armor.NewReader(bufio.NewReader(in))
	}
	r, err := age.Decrypt(in, ids...)
	if err != nil {
		return nil, fmt.Errorf("age: %w", err)
	}
	return io.ReadAll(io.LimitReader(r, maxKeyFile))
}

// parseKey reads the text of a key file and refuses what no generator made.
func parseKey(content []byte) (*[32]byte, error) {
	lines := strings.Fields(string(content))
	if len(lines) == 0 || lines[0] != keyHeader {
		return nil, fmt.Errorf("%w: not a key that entscope wrote (hint: a chosen word or placeholder is no key; entscope key init makes one)", ErrKeyRefused)
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("%w: the file holds no key", ErrKeyRefused)
	}
	raw, err := hex.DecodeString(lines[1])
	if err != nil {
		return nil, fmt.Errorf("%w: the key is not hexadecimal (hint: is a placeholder still in the file?)", ErrKeyRefused)
	}
	if len(raw) != 32 {
		return nil, fmt.Errorf("%w: %d bits where 256 are needed", ErrKeyRefused, 8*len(raw))
	}
	if err := weakKey(raw); err != nil {
		return nil, err
	}
	if len(lines) != 4 || lines[2] != "check" || lines[3] != checkValue(raw) {
		return nil, fmt.Errorf("%w: the check value does not agree (hint: a damaged or wrongly recombined copy)", ErrKeyRefused)
	}
	return (*[32]byte)(raw), nil
}

// weakKey refuses what 32 random bytes are not, each with a false alarm below
// 2^-30: fewer than 16 different bytes, printable text, a constant step.
func weakKey(key []byte) error {
	if len(key) < 32 {
		return fmt.Errorf("%w: %d bits where 256 are needed", ErrKeyRefused, 8*len(key))
	}
	var seen [256]bool
	distinct, printable, steps := 0, 0, 0
	for i, c := range key {
		if !seen[c] {
			seen[c] = true
			distinct++
		}
		if c >= 0x20 && c < 0x7f {
			printable++
		}
		if i >= 2 && c-key[i-1] == key[i-1]-key[i-2] {
			steps++
		}
	}
	if distinct < 16 || printable == len(key) || steps > len(key)/2 {
		return fmt.Errorf("%w: low entropy, this key was not drawn at random (hint: entscope key init)", ErrKeyRefused)
	}
	return nil
}

// Study derives the key of one study, for one purpose and one school year:
//
//	HKDF-SHA-256(secret = master key, salt, info = "entscope/study/v1" ‖ purpose ‖ school year)
//
// each part of info preceded by its length. An empty purpose or year, or a zero
// salt, is refused.
func (m *MasterKey) Study(purpose, schoolYear string, salt [32]byte) (*StudyKey, error) {
	switch {
	case m == nil || m.key == nil:
		return nil, errors.New("pseudonym: study key: no master key")
	case purpose == "":
		return nil, errors.New("pseudonym: study key: empty purpose")
	case schoolYear == "":
		return nil, errors.New("pseudonym: study key: empty school year")
	case salt == [32]byte{}:
		return nil, errors.New("pseudonym: study key: no salt")
	}
	info := string(appendParts(nil, "entscope/study/v1", purpose, schoolYear))
	k, err := hkdf.Key(sha256.New, m.key.bytes[:], salt[:], info, 32)
	if err != nil {
		return nil, fmt.Errorf("pseudonym: study key: %w", err)
	}
	return &StudyKey{key: &secret{(*[32]byte)(k)}, purpose: purpose, year: schoolYear}, nil
}

// ID is the check value of the master key: 64 bits, safe to print, that tell two
// keys apart and nothing about either.
func (m *MasterKey) ID() string { return checkValue(m.key.bytes[:]) }

// checkValue is a one-way function of the key under a label no pseudonym uses.
func checkValue(key []byte) string {
	c := newCore(key, appendParts(nil, "entscope/check/v1"))
	sum := c.sum(nil)
	return hex.EncodeToString(sum[:8])
}

// appendParts appends each part with its length before it (32 bits, big-endian),
// so that no two lists of parts give the same bytes.
func appendParts(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// readBounded reads a small file and its mode through one descriptor.
func readBounded(path string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	content, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	return content, info.Mode().Perm(), err
}

// writeSecret creates path whole, with mode 0600 and durable; an existing
// file is never replaced, for it may be the only copy of a key in use.
func writeSecret(path string, content []byte) error {
	err := durable.Create(path, content, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w (hint: a key or salt is never overwritten)", err)
	}
	return err
}

// redacted gives the types that hold a secret one way to be shown: a placeholder.
type redacted struct{}

const placeholder = "[secret]"

func (redacted) String() string               { return placeholder }
func (redacted) Format(s fmt.State, _ rune)   { io.WriteString(s, placeholder) }
func (redacted) MarshalText() ([]byte, error) { return []byte(placeholder), nil }
func (redacted) LogValue() slog.Value         { return slog.StringValue(placeholder) }
