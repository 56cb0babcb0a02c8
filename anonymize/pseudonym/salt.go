package pseudonym

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"github.com/entscope/entscope/anonymize/durable"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SaltFile is the name of the salt in the folder it is stored in.
const SaltFile = "salt"

// CreateSalt draws the salt of a restricted zone and stores it in dir, which it
// makes (0700) if need be. A zone that has a salt keeps it: then the error wraps
// fs.ErrExist.
func CreateSalt(disk durable.Disk, dir string) ([32]byte, error) {
	var salt [32]byte
	rand.Read(salt[:])
	return salt, RestoreSalt(disk, dir, salt)
}

// RestoreSalt stores a given salt: from a backup, or the published salt of a
// synthetic study, whose bytes must not depend on the machine.
func RestoreSalt(disk durable.Disk, dir string, salt [32]byte) error {
	if salt == [32]byte{} {
		return errors.New("pseudonym: create salt: the salt is zero")
	}
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("pseudonym: create salt: %w", err)
	}
	if err := writeSecret(disk, filepath.Join(dir, SaltFile), []byte(hex.EncodeToString(salt[:])+"\n")); err != nil {
		return fmt.Errorf("pseudonym: create salt: %w", err)
	}
	return nil
}

// LoadSalt reads the salt of the zone in dir; the error wraps fs.ErrNotExist
// when there is none (a new zone, or one whose key was destroyed).
func LoadSalt(dir string) ([32]byte, error) {
	var salt [32]byte
	path := filepath.Join(dir, SaltFile)
	content, mode, err := readBounded(path)
	if err != nil {
		return salt, fmt.Errorf("pseudonym: load salt: %w", err)
	}
	if mode&0o077 != 0 {
		return salt, fmt.Errorf("pseudonym: load salt %s: %w: mode %04o lets others read it (hint: chmod 600)",
			path, ErrKeyRefused, mode)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(content)))
	if err != nil || len(raw) != len(salt) {
		return salt, fmt.Errorf("pseudonym: load salt %s: not 64 hexadecimal digits", path)
	}
	return [32]byte(raw), nil
}

// DestroySalt overwrites the salt of the zone in dir and removes it. From then
// on nobody, the holder of the master key included, can compute a pseudonym of
// this zone again. A zone without a salt is left as it is.
//
// The overwriting reaches the blocks of a file system that writes in place;
// copies made by snapshots, backups or flash wear levelling are out of reach,
// which is why a restricted zone must not be backed up (see README).
func DestroySalt(disk durable.Disk, dir string) error {
	path := filepath.Join(dir, SaltFile)
	f, err := disk.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("pseudonym: destroy salt: %w", err)
	}
	noise := make([]byte, 128)
	rand.Read(noise)
	_, err = f.Write(noise)
	if err := errors.Join(err, f.Sync(), f.Close(), disk.Remove(path), disk.Sync(dir)); err != nil {
		return fmt.Errorf("pseudonym: destroy salt: %w", err)
	}
	return nil
}
