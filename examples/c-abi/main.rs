// rustc main.rs -C link-args="$(npx nearfar doctor --c --libs)" && ./main
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::ptr::{null_mut, NonNull};

extern "C" {
    fn nearfar_error_text(code: c_int) -> *const c_char;
    fn nearfar_hash(data: *const c_void, size: usize, algorithm: *const c_char, hex: *mut c_char,
        capacity: usize) -> c_int;
    fn nearfar_hmac(key: *const c_void, key_size: usize, data: *const c_void, size: usize,
        algorithm: *const c_char, out: *mut c_void, capacity: usize, length: *mut usize) -> c_int;
    fn nearfar_hasher_new(algorithm: *const c_char, hasher: *mut *mut c_void) -> c_int;
    fn nearfar_hasher_update(hasher: *mut c_void, data: *const c_void, size: usize) -> c_int;
    fn nearfar_hasher_digest(hasher: *mut c_void, out: *mut c_void, capacity: usize,
        length: *mut usize) -> c_int;
    fn nearfar_hasher_free(hasher: *mut c_void);
    fn nearfar_key_import_private(bytes: *const c_void, size: usize, format: *const c_char,
        algorithm: *const c_char, key: *mut *mut c_void) -> c_int;
    fn nearfar_key_public(key: *const c_void, public_key: *mut *mut c_void) -> c_int;
    fn nearfar_key_free(key: *mut c_void);
    fn nearfar_sign(key: *const c_void, data: *const c_void, size: usize, out: *mut c_void,
        capacity: usize, length: *mut usize) -> c_int;
    fn nearfar_verify(key: *const c_void, data: *const c_void, size: usize,
        signature: *const c_void, signature_size: usize) -> c_int;
}

fn error_text(code: c_int) -> String {
    // SAFETY: static memory, never null.
    unsafe { CStr::from_ptr(nearfar_error_text(code)) }.to_string_lossy().into_owned()
}

fn check(code: c_int) -> Result<(), String> {
    if code == 0 { Ok(()) } else { Err(error_text(code)) }
}

fn c_string(text: &str) -> CString {
    CString::new(text).expect("names contain no NUL")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key, freed when it goes out of scope.
struct Key(NonNull<c_void>);

impl Key {
    fn from_raw(bytes: &[u8], algorithm: &str) -> Result<Key, String> {
        let (format, algorithm) = (c_string("raw"), c_string(algorithm));
        let mut key = null_mut();
        // SAFETY: the slices and strings outlive the call, which keeps none of them.
        check(unsafe {
            nearfar_key_import_private(bytes.as_ptr().cast(), bytes.len(), format.as_ptr(),
                algorithm.as_ptr(), &mut key)
        })?;
        NonNull::new(key).map(Key).ok_or("no key".into())
    }

    fn public(&self) -> Result<Key, String> {
        let mut key = null_mut();
        // SAFETY: a live key.
        check(unsafe { nearfar_key_public(self.0.as_ptr(), &mut key) })?;
        NonNull::new(key).map(Key).ok_or("no key".into())
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>, String> {
        let (mut out, mut length) = (vec![0u8; 64], 0);
        // SAFETY: a live key, and room for what the capacity says.
        check(unsafe {
            nearfar_sign(self.0.as_ptr(), data.as_ptr().cast(), data.len(), out.as_mut_ptr().cast(),
                out.len(), &mut length)
        })?;
        out.truncate(length);
        Ok(out)
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> c_int {
        // SAFETY: a live key and slices.
        unsafe {
            nearfar_verify(self.0.as_ptr(), data.as_ptr().cast(), data.len(),
                signature.as_ptr().cast(), signature.len())
        }
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // SAFETY: nobody else has this handle.
        unsafe { nearfar_key_free(self.0.as_ptr()) }
    }
}

fn main() -> Result<(), String> {
    let data = b"Hello, World!";
    let mut text = [0 as c_char; 65];
    let sha256 = c_string("SHA-256");
    // SAFETY: here and below, each pointer goes with the size of what it points to.
    check(unsafe {
        nearfar_hash(data.as_ptr().cast(), data.len(), sha256.as_ptr(), text.as_mut_ptr(), text.len())
    })?;
    println!("hash {}", unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy());

    let (mut out, mut length) = ([0u8; 64], 0);
    let sha512 = c_string("SHA-512");
    check(unsafe {
        nearfar_hmac(b"key".as_ptr().cast(), 3, data.as_ptr().cast(), data.len(), sha512.as_ptr(),
            out.as_mut_ptr().cast(), out.len(), &mut length)
    })?;
    println!("hmac {}", hex(&out[..length]));

    let mut hasher = null_mut();
    let sha3 = c_string("SHA3-256");
    unsafe {
        check(nearfar_hasher_new(sha3.as_ptr(), &mut hasher))?;
        for part in data.chunks(5) {
            check(nearfar_hasher_update(hasher, part.as_ptr().cast(), part.len()))?;
        }
        check(nearfar_hasher_digest(hasher, out.as_mut_ptr().cast(), out.len(), &mut length))?;
        nearfar_hasher_free(hasher);
    }
    println!("stream {}", hex(&out[..length]));

    let key = Key::from_raw(&[1; 32], "ed25519")?;
    let public_key = key.public()?;
    let signature = key.sign(data)?;
    println!("signature {}", hex(&signature));
    check(public_key.verify(data, &signature))?;
    println!("forged: {}", error_text(public_key.verify(b"Hello, World?", &signature)));
    Ok(())
}
