package measure

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// Bounds of what is read into memory, in bytes.
const (
	longestLine   = 64 << 20
	largestOfFile = 16 << 20
)

// ruleFiles opens a folder of rules, or reads an archive of them into memory.
func ruleFiles(name string) (fs.FS, error) {
	if !strings.HasSuffix(name, ".tar.gz") && !strings.HasSuffix(name, ".tgz") {
		return os.DirFS(name), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return unpacked(tar.NewReader(z))
}

// unpacked copies an archive into one that files can be opened in.
func unpacked(from *tar.Reader) (fs.FS, error) {
	var b bytes.Buffer
	for to := zip.NewWriter(&b); ; {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			if err := to.Close(); err != nil {
				return nil, err
			}
			return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg || !fs.ValidPath(path.Clean(h.Name)) {
			continue
		}
		w, err := to.CreateHeader(&zip.FileHeader{Name: path.Clean(h.Name), Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(w, io.LimitReader(from, largestOfFile)); err != nil {
			return nil, err
		}
	}
}

// eventLines reads a file of JSON lines.
func eventLines(name string) (lines [][]byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, longestLine)
	for sc.Scan() {
		if line := bytes.TrimSpace(sc.Bytes()); len(line) > 0 {
			lines = append(lines, slices.Clone(line))
		}
	}
	if len(lines) == 0 && sc.Err() == nil {
		return nil, errors.New("there are none")
	}
	return lines, sc.Err()
}

func readObject(line []byte, into *map[string]any) error { return json.Unmarshal(line, into) }

// madeUpEvents is how many events are made up when none are given.
const madeUpEvents = 20_000

// windowsEvents makes events up, always the same: hosts, people, processes, ids
// and times of a week differ from one to the next.
func windowsEvents(n int) [][]byte {
	rnd := rand.New(rand.NewPCG(20261122, 1)) //nolint:gosec // it has to be the same every time
	start := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	lines := make([][]byte, n)
	for i := range lines {
		at := start.Add(time.Duration(i) * 7 * 24 * time.Hour / time.Duration(n))
		event := windowsTemplates()[rnd.IntN(len(windowsTemplates()))]
		lines[i] = []byte(fill(event, rnd, at))
	}
	return lines
}

// fill replaces the placeholders of a template.
func fill(template string, rnd *rand.Rand, at time.Time) string {
	one := func(list ...string) string { return list[rnd.IntN(len(list))] }
	guid := func() string {
		return fmt.Sprintf("{%08x-%04x-%04x-%04x-%012x}", rnd.Uint32(), rnd.Uint32()&0xffff, rnd.Uint32()&0xffff, rnd.Uint32()&0xffff, rnd.Uint64()&0xffffffffffff)
	}
	image := func() string {
		return one(`C:\\Windows\\System32\\svchost.exe`, `C:\\Windows\\System32\\taskhostw.exe`, `C:\\Program Files\\Clinic\\viewer.exe`, `C:\\Windows\\explorer.exe`,
			`C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`, `C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe`, `C:\\Windows\\System32\\cmd.exe`)
	}
	return strings.NewReplacer(
		"@time", at.Format("2006-01-02T15:04:05.000Z"), "@utc", at.Format("2006-01-02 15:04:05.000"),
		"@host", fmt.Sprintf("ward-%03d.hospital.example", rnd.IntN(400)), "@user", fmt.Sprintf("HOSPITAL\\\\nurse%d", rnd.IntN(900)),
		"@guid1", guid(), "@guid2", guid(), "@image1", image(), "@image2", image(), "@pid", fmt.Sprint(rnd.IntN(30000)),
		"@ip", fmt.Sprintf("10.%d.%d.%d", rnd.IntN(32), rnd.IntN(255), 1+rnd.IntN(254)), "@port", fmt.Sprint(1024+rnd.IntN(60000)),
		"@hash", fmt.Sprintf("%016X%016X", rnd.Uint64(), rnd.Uint64()), "@number", fmt.Sprint(rnd.IntN(9_000_000)),
		"@access", one("0x1000", "0x1410", "0x1400", "0x3000"), "@key", one("Explorer\\\\MountPoints2", "Internet Settings\\\\ZoneMap", "Run\\\\Clinic", "Notifications\\\\Data"),
		"@command", one("-k netsvcs -p -s Schedule", "/c dir", "-NoProfile -File C:\\\\Clinic\\\\sync.ps1", "--type=renderer --lang=de", "/open patient"),
	).Replace(template)
}

func windowsTemplates() []string {
	const head = `{"TimeCreated":"@time","Hostname":"@host","RecordNumber":@number,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","UserID":"S-1-5-18","Severity":"INFO",`
	const security = `{"TimeCreated":"@time","Hostname":"@host","RecordNumber":@number,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","Severity":"INFO",`
	return []string{
		head + `"EventID":1,"UtcTime":"@utc","ProcessGuid":"@guid1","ProcessId":"@pid","Image":"@image1","FileVersion":"10.0.19041.1","Description":"Host Process","Product":"Microsoft® Windows® Operating System","Company":"Microsoft Corporation","OriginalFileName":"host.exe","CommandLine":"@image1 @command","CurrentDirectory":"C:\\Windows\\system32\\","User":"@user","IntegrityLevel":"Medium","Hashes":"MD5=@hash","ParentProcessGuid":"@guid2","ParentImage":"@image2","ParentCommandLine":"@image2","Message":"Process Create:\r\nUtcTime: @utc\r\nImage: @image1\r\nCommandLine: @image1 @command\r\nUser: @user\r\nParentImage: @image2"}`,
		head + `"EventID":3,"UtcTime":"@utc","ProcessGuid":"@guid1","ProcessId":"@pid","Image":"@image1","User":"@user","Protocol":"tcp","Initiated":"true","SourceIp":"@ip","SourcePort":"@port","DestinationIp":"@ip","DestinationPort":"443","DestinationHostname":"@host","Message":"Network connection detected:\r\nUtcTime: @utc\r\nImage: @image1"}`,
		head + `"EventID":7,"UtcTime":"@utc","ProcessGuid":"@guid1","ProcessId":"@pid","Image":"@image1","ImageLoaded":"C:\\Windows\\System32\\ntdll.dll","FileVersion":"10.0.19041.1","Description":"NT Layer DLL","Product":"Microsoft® Windows® Operating System","Company":"Microsoft Corporation","OriginalFileName":"ntdll.dll","Hashes":"SHA1=@hash,MD5=@hash","Signed":"true","Signature":"Microsoft Windows","SignatureStatus":"Valid","Message":"Image loaded:\r\nUtcTime: @utc\r\nImage: @image1"}`,
		head + `"EventID":10,"UtcTime":"@utc","SourceProcessGUID":"@guid1","SourceProcessId":"@pid","SourceImage":"@image1","TargetProcessGUID":"@guid2","TargetImage":"@image2","GrantedAccess":"@access","CallTrace":"C:\\Windows\\SYSTEM32\\ntdll.dll+9d104|C:\\Windows\\System32\\KERNELBASE.dll+2726e|C:\\Windows\\System32\\combase.dll+b56fb|C:\\Windows\\System32\\RPCRT4.dll+76953","Message":"Process accessed:\r\nUtcTime: @utc\r\nSourceImage: @image1\r\nTargetImage: @image2\r\nGrantedAccess: @access"}`,
		head + `"EventID":11,"UtcTime":"@utc","ProcessGuid":"@guid1","Image":"@image1","TargetFilename":"C:\\Users\\nurse\\AppData\\Local\\Temp\\@number.tmp","CreationUtcTime":"@utc","Message":"File created:\r\nUtcTime: @utc\r\nImage: @image1"}`,
		head + `"EventID":13,"EventType":"SetValue","UtcTime":"@utc","ProcessGuid":"@guid1","Image":"@image1","TargetObject":"HKU\\S-1-5-21-1587066498-1489273250-1035260531-1106\\Software\\Microsoft\\Windows\\CurrentVersion\\@key","Details":"DWORD (0x00000001)","Message":"Registry value set:\r\nUtcTime: @utc\r\nImage: @image1"}`,
		security + `"EventID":4624,"SubjectUserSid":"S-1-5-18","SubjectUserName":"@host","TargetUserName":"@user","LogonType":"3","LogonProcessName":"Kerberos","AuthenticationPackageName":"Kerberos","LogonGuid":"@guid1","IpAddress":"@ip","IpPort":"@port","Message":"An account was successfully logged on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-5-18\r\nNew Logon:\r\n\tAccount Name:\t\t@user"}`,
		security + `"EventID":4658,"SubjectUserSid":"S-1-5-19","SubjectUserName":"LOCAL SERVICE","ObjectServer":"Security","HandleId":"0x38c","ProcessName":"@image1","ProcessId":"0x838","Message":"The handle to an object was closed.\r\n\r\nSubject :\r\n\tSecurity ID:\t\tS-1-5-19"}`,
	}
}
