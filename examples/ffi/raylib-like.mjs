// Structs by value, in and out, in the manner of raylib, with raylib's own struct definitions.
//   node examples/ffi/raylib-like.mjs
import { cdef, dlopen } from "nearfar/ffi";
import { compile } from "./support.mjs";

// From raylib.h and raymath.h; raylib-like.c has the few functions.
const raylib = cdef(
  `
  typedef struct Vector2 {
      float x;                // Vector x component
      float y;                // Vector y component
  } Vector2;
  typedef struct Vector3 {
      float x;                // Vector x component
      float y;                // Vector y component
      float z;                // Vector z component
  } Vector3;
  // Matrix, 4x4 components, column major, OpenGL style, right-handed
  typedef struct Matrix {
      float m0, m4, m8, m12;  // Matrix first row (4 components)
      float m1, m5, m9, m13;  // Matrix second row (4 components)
      float m2, m6, m10, m14; // Matrix third row (4 components)
      float m3, m7, m11, m15; // Matrix fourth row (4 components)
  } Matrix;
  typedef struct Color {
      unsigned char r;        // Color red value
      unsigned char g;        // Color green value
      unsigned char b;        // Color blue value
      unsigned char a;        // Color alpha value
  } Color;
  typedef struct Rectangle {
      float x;                // Rectangle top-left corner position x
      float y;                // Rectangle top-left corner position y
      float width;            // Rectangle width
      float height;           // Rectangle height
  } Rectangle;
  typedef struct Camera3D {
      Vector3 position;       // Camera position
      Vector3 target;         // Camera target it looks-at
      Vector3 up;             // Camera up vector (rotation over its axis)
      float fovy;             // Camera field-of-view aperture in Y (degrees)
      int projection;         // Camera projection: CAMERA_PERSPECTIVE or CAMERA_ORTHOGRAPHIC
  } Camera3D;
  typedef struct Ray {
      Vector3 position;       // Ray position (origin)
      Vector3 direction;      // Ray direction (normalized)
  } Ray;
  typedef struct RayCollision {
      bool hit;               // Did the ray hit something?
      float distance;         // Distance to the nearest hit
      Vector3 point;          // Point of the nearest hit
      Vector3 normal;         // Surface normal of hit
  } RayCollision;
  typedef enum { CAMERA_PERSPECTIVE = 0, CAMERA_ORTHOGRAPHIC } CameraProjection;

  RMAPI Vector2 Vector2Rotate(Vector2 v, float angle);
  RMAPI Vector3 Vector3CrossProduct(Vector3 v1, Vector3 v2);
  RMAPI Vector3 Vector3Transform(Vector3 v, Matrix mat);
  RMAPI Matrix MatrixTranslate(float x, float y, float z);
  RMAPI Matrix MatrixMultiply(Matrix left, Matrix right);
  RLAPI Rectangle GetCollisionRec(Rectangle rec1, Rectangle rec2);
  RLAPI Color ColorAlpha(Color color, float alpha);
  RLAPI int ColorToInt(Color color);
  RLAPI Ray GetViewRay(Camera3D camera);
  RLAPI RayCollision GetRayCollisionSphere(Ray ray, Vector3 center, float radius);
  RLAPI void CameraMoveForward(Camera3D *camera, float distance);
`,
  { ignore: ["RLAPI", "RMAPI"] },
);
const { lib, functions: rl } = dlopen(compile("raylib-like.c", ["-lm"]), raylib);

const print = (what, value) => console.log(what, JSON.stringify(value));
const vector = (x, y, z) => ({ x, y, z });

print("turned", rl.Vector2Rotate({ x: 2, y: 0 }, 0));
print("cross", rl.Vector3CrossProduct(vector(1, 0, 0), vector(0, 1, 0)));

// 64 bytes in, 64 bytes out; results are plain objects and go in again.
const right = rl.MatrixTranslate(10, 0, 0);
const up = rl.MatrixTranslate(0, 5, 0);
print("moved", rl.Vector3Transform(vector(1, 2, 3), rl.MatrixMultiply(right, up)));

const screen = { x: 0, y: 0, width: 800, height: 450 };
print("overlap", rl.GetCollisionRec(screen, { x: 700, y: 400, width: 200, height: 200 }));

const maroon = { r: 190, g: 33, b: 55, a: 255 };
const faded = rl.ColorAlpha(maroon, 0.5);
console.log("faded", (rl.ColorToInt(faded) >>> 0).toString(16).padStart(8, "0"));

// A view is passed by value or by pointer; through the pointer C changes it in place.
const camera = raylib.types.Camera3D.view();
camera.position = vector(0, 0, 10);
camera.up.y = 1;
camera.fovy = 45;
camera.projection = raylib.constants.CAMERA_PERSPECTIVE;
rl.CameraMoveForward(camera, 4);
print("camera at", camera.position.z);

const { hit, distance, point } = rl.GetRayCollisionSphere(
  rl.GetViewRay(camera),
  vector(0, 0, 0),
  1,
);
print("hit", { hit, distance, point });
const miss = rl.GetRayCollisionSphere(rl.GetViewRay(camera), vector(0, 8, 0), 1);
print("miss", miss.hit);

for (const color of [
  { ...maroon, g: 256 },
  { r: 1, g: 2, b: 3 },
  { ...maroon, alpha: 1 },
]) {
  try {
    rl.ColorToInt(color);
  } catch (error) {
    console.log(error.message);
  }
}
lib.close();
