package pseudonym

import (
	"bufio"
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/entscope/entscope/anonymize/durable"
)

// keyHeader opens a plain key file; the second line is the key in hexadecimal,
// the third a check value that catches a mistyped or wrongly recombined backup.
const keyHeader = "ENTSCOPE-MASTER-KEY-V1"

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
	if err := writeSecret(durable.Disk{}, path, content); err != nil {
		return fmt.Errorf("pseudonym: write key: %w", err)
	}
	return nil
}

func encryptTo(recipients []string, content []byte) ([]byte, error) {
	to, err := age.ParseRecipients(strings.NewReader(strings.Join(recipients, "\n")))
	if err != nil {
		return nil, fmt.Errorf(
			"age recipients: %w (hint: each is a public key that begins with age1, as age-keygen prints it)", err)
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
			return nil, fmt.Errorf("%w (hint: entscope key init --out FILE makes one)", err)
		}
		return nil, err
	}
	if isAge(content) {
		if content, err = decrypt(content, identityPath); err != nil {
			return nil, err
		}
	} else if mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: mode %04o lets others use the file "+
			"(hint: chmod 600, and treat the key as compromised if the host is shared)", ErrKeyRefused, mode)
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
		return nil, fmt.Errorf("%w: identity %s has mode %04o, others can use it (hint: chmod 600)",
			ErrKeyRefused, identityPath, mode)
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
		return nil, fmt.Errorf("%w: not a key that entscope wrote (hint: a chosen word or placeholder is no key; "+
			"entscope key init makes one)", ErrKeyRefused)
	}
	if len(lines) < 2 {
		return nil, fmt.Errorf("%w: the file holds no key", ErrKeyRefused)
	}
	raw, err := hex.DecodeString(lines[1])
	if err != nil {
		return nil, fmt.Errorf("%w: the key is not hexadecimal (hint: is a placeholder still in the file?)",
			ErrKeyRefused)
	}
	if len(raw) != 32 {
		return nil, fmt.Errorf("%w: %d bits where 256 are needed", ErrKeyRefused, 8*len(raw))
	}
	if err := weakKey(raw); err != nil {
		return nil, err
	}
	if len(lines) != 4 || lines[2] != "check" || lines[3] != checkValue(raw) {
		return nil, fmt.Errorf("%w: the check value does not agree (hint: a damaged or wrongly recombined copy)",
			ErrKeyRefused)
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
	lasting, err := m.Lasting()
	if err != nil {
		return nil, err
	}
	return &StudyKey{key: &secret{(*[32]byte)(k)}, lasting: lasting, purpose: purpose, year: schoolYear}, nil
}

// PassingKey is a study key that was drawn now and is written nowhere: it tells identifiers apart within this
// process, for what only counts them.
func PassingKey() (*StudyKey, error) {
	var key, salt [32]byte
	rand.Read(key[:])
	rand.Read(salt[:])
	return (&MasterKey{key: &secret{&key}}).Study("passing", "passing", salt)
}

// ID is the check value of the master key: 64 bits, safe to print, that tell two
// keys apart and nothing about either.
func (m *MasterKey) ID() string { return checkValue(m.key.bytes[:]) }
